// An account that goes from one group to another takes its ARR along by transfer: nothing is lost, nothing is new.

import { describe, expect, test } from "vitest";
import { carriedIn, deriveGroup, movedIn, stated } from "./group-story.ts";
import { line } from "./story.ts";

const of = (accountId: string) => ({ accountId });

/** The subsidiary belongs to the old parent until April, and to the new one from then on. */
const belonging = { old: "old", new: "new", sub: { "1990-01-01": "old", "2025-04-01": "new" } };

const both = [
  line("o", { from: "2025-01-01", price: 100, ...of("old") }),
  line("n", { from: "2025-01-01", plan: "desk", price: 200, ...of("new") }),
];

describe("an account that changes its group", () => {
  test("carries every line as it was the evening before, and moves nothing", () => {
    const group = {
      belonging,
      lines: [
        ...both,
        line("s", { from: "2025-02-01", price: 40, ...of("sub") }),
        line("t", { from: "2025-02-01", plan: "desk", price: 7, ...of("sub") }),
        line("free", { from: "2025-02-01", plan: "storage", price: 0, ...of("sub") }),
      ],
    };
    expect(carriedIn(group)).toEqual([
      "2025-04-01 40.00 s pro of sub in old → s pro of sub in new",
      "2025-04-01 7.00 t desk of sub in old → t desk of sub in new",
    ]);
    expect(movedIn(group)).toEqual([
      "2025-01-01 new: NEW +200.00 desk n of new",
      "2025-01-01 old: NEW +100.00 pro o of old",
      "2025-02-01 old: EXPANSION SEAT +40.00 pro s of sub",
      "2025-02-01 old: EXPANSION CROSS_SELL +7.00 desk t of sub",
    ]);
  });

  test("under one group for all history was always the new one's", () => {
    const lines = [...both, line("s", { from: "2025-02-01", price: 40, ...of("sub") })];
    const live = { belonging: { old: "old", new: "new", sub: "new" }, lines };
    expect(carriedIn(live)).toEqual([]);
    expect(movedIn(live)[2]).toBe("2025-02-01 new: EXPANSION CROSS_SELL +40.00 pro s of sub");
  });

  test("is measured in the new group on the day itself, with what it brought along", () => {
    const group = {
      belonging,
      lines: [
        ...both,
        line("s", { from: "2025-02-01", until: "2025-04-01", price: 40, ...of("sub") }),
        line("s", { from: "2025-04-01", quantity: 2, price: 40, ...of("sub") }),
        // The new group holds pro by what came in, so this is one more seat of it.
        line("x", { from: "2025-04-01", price: 5, ...of("new") }),
        // The old one holds no desk any more, and never did itself.
        line("y", { from: "2025-04-01", plan: "desk", price: 3, ...of("old") }),
      ],
    };
    expect(carriedIn(group)).toEqual(["2025-04-01 40.00 s pro of sub in old → s pro of sub in new"]);
    expect(movedIn(group).slice(3).sort()).toEqual([
      "2025-04-01 new: EXPANSION SEAT +40.00 pro s of sub",
      "2025-04-01 new: EXPANSION SEAT +5.00 pro x of new",
      "2025-04-01 old: EXPANSION CROSS_SELL +3.00 desk y of old",
    ]);
  });

  test("that ends on the day is lost to the new group, not to the old one", () => {
    const lines = [...both, line("s", { from: "2025-02-01", until: "2025-04-01", price: 40, ...of("sub") })];
    expect(carriedIn({ belonging, lines })).toEqual(["2025-04-01 40.00 s pro of sub in old → s pro of sub in new"]);
    expect(movedIn({ belonging, lines })[3]).toBe("2025-04-01 new: CONTRACTION CROSS_SELL -40.00 pro s of sub");
  });

  test("gives a group that never had any ARR its first, without a NEW", () => {
    const group = {
      belonging,
      lines: [line("s", { from: "2025-02-01", until: "2025-04-01", price: 40, ...of("sub") })],
    };
    const growing = { ...group, lines: [...group.lines, line("s", { from: "2025-04-01", price: 60, ...of("sub") })] };
    expect(carriedIn(growing)).toEqual(["2025-04-01 40.00 s pro of sub in old → s pro of sub in new, its first"]);
    expect(movedIn(growing)).toEqual([
      "2025-02-01 old: NEW +40.00 pro s of sub",
      "2025-04-01 new: EXPANSION PRICE +20.00 pro s of sub",
    ]);
    // Even where it ends the same day, the new group has had it.
    const back = line("n", { from: "2025-04-11", price: 9, ...of("new") });
    expect(movedIn({ ...group, lines: [...group.lines, back] }).slice(1)).toEqual([
      "2025-04-01 new: CHURN -40.00 pro s of sub",
      "2025-04-11 new: REACTIVATION +9.00 pro n of new, after 10 days",
    ]);
  });

  test("does not start a group that once had ARR", () => {
    const lines = [
      line("n", { from: "2025-01-01", until: "2025-02-01", price: 9, ...of("new") }),
      line("s", { from: "2025-02-01", price: 40, ...of("sub") }),
    ];
    expect(carriedIn({ belonging, lines })).toEqual(["2025-04-01 40.00 s pro of sub in old → s pro of sub in new"]);
  });

  test("leaves its group without ARR and without churn; what comes later comes back", () => {
    const lines = [
      line("s", { from: "2025-02-01", price: 40, ...of("sub") }),
      line("o", { from: "2025-05-01", price: 8, ...of("old") }),
    ];
    expect(movedIn({ belonging, lines })).toEqual([
      "2025-02-01 old: NEW +40.00 pro s of sub",
      "2025-05-01 old: REACTIVATION +8.00 pro o of old, after 30 days",
    ]);
    const sameDay = [...lines.slice(0, 1), line("o", { from: "2025-04-01", price: 8, ...of("old") })];
    expect(movedIn({ belonging, lines: sameDay })[1]).toBe(
      "2025-04-01 old: REACTIVATION +8.00 pro o of old, after 0 days",
    );
  });

  test("carries ready-made balances by product, plan, kind, add-on mark and currency, without those at 0", () => {
    const readyMade = [
      stated("m1", "2025-01-01", "NEW", 100_00, { plan: "pro", ...of("sub") }),
      stated("m2", "2025-01-01", "NEW", 30_00, { plan: "pro", isAddOn: true, ...of("sub") }),
      stated("m3", "2025-01-01", "NEW", 20_00, { plan: "pro", kind: "COMMITMENT", ...of("sub") }),
      stated("m4", "2025-01-01", "NEW", 10_00, { ...of("sub") }),
      stated("m5", "2025-01-01", "NEW", 500, { plan: "pro", currency: "JPY", ...of("sub") }),
      stated("m6", "2025-02-01", "CONTRACTION", -20_00, {
        plan: "pro",
        driver: "SEAT",
        kind: "COMMITMENT",
        ...of("sub"),
      }),
      stated("m7", "2025-02-01", "CONTRACTION", -4_00, { plan: "desk", driver: "OTHER", ...of("sub") }),
    ];
    const { transfers } = deriveGroup({ belonging, readyMade });
    expect(
      transfers.map(({ amountMinor, currency, toPlanId, kind, isAddOn, startsUnit }) => [
        ...[amountMinor, currency, toPlanId, kind, isAddOn, startsUnit],
      ]),
    ).toEqual([
      [100_00n, "USD", "pro", null, false, true],
      [30_00n, "USD", "pro", null, true, true],
      [10_00n, "USD", null, null, false, true],
      [500n, "JPY", "pro", null, false, true],
      [-4_00n, "USD", "desk", null, false, true],
    ]);
    expect(transfers[0]).toMatchObject({ fromLineId: null, toSourceId: "", fromAccountId: "sub", toAccountId: "sub" });
  });

  test("goes there and back again", () => {
    const lines = [line("s", { from: "2025-01-01", price: 40, ...of("sub") })];
    const there = { old: "old", new: "new", sub: { "1990-01-01": "old", "2025-04-01": "new", "2025-05-01": "old" } };
    expect(carriedIn({ belonging: there, lines })).toEqual([
      "2025-04-01 40.00 s pro of sub in old → s pro of sub in new, its first",
      "2025-05-01 40.00 s pro of sub in new → s pro of sub in old",
    ]);
    expect(movedIn({ belonging: there, lines })).toEqual(["2025-01-01 old: NEW +40.00 pro s of sub"]);
  });

  test("before anything else holds carries nothing", () => {
    const early = { old: "old", new: "new", sub: { "1990-01-01": "old", "2024-04-01": "new" } };
    expect(carriedIn({ belonging: early, lines: both })).toEqual([]);
  });
});

test("a line that goes to an account of another group ends here and starts there", () => {
  const lines = [
    ...both,
    line("s", { from: "2025-02-01", until: "2025-03-01", price: 40, ...of("old") }),
    line("s", { from: "2025-03-01", price: 40, ...of("new") }),
  ];
  expect(movedIn({ belonging, lines }).slice(3)).toEqual([
    "2025-03-01 old: CONTRACTION SEAT -40.00 pro s of old",
    "2025-03-01 new: EXPANSION CROSS_SELL +40.00 pro s of new",
  ]);
  expect(carriedIn({ belonging, lines })).toEqual([]);
});
