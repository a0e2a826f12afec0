// Accounts that count as one: what one of them alone would call new or lost is a change of the group, and nothing counts twice.

import { describe, expect, test } from "vitest";
import { carriedIn, deriveGroup, movedIn, stated } from "./group-story.ts";
import { derive, line } from "./story.ts";

const group = { parent: "top", sub: "top", other: "top" };
const of = (accountId: string) => ({ accountId });

describe("in a group of accounts with lines", () => {
  test("a subsidiary's first purchase is an expansion, by what the group holds", () => {
    const parents = line("p", { from: "2025-01-01", price: 100, ...of("parent") });
    const subs = (plan: "pro" | "starter" | "desk") => [
      line("s", { from: "2025-04-01", plan, price: 40, ...of("sub") }),
    ];
    const moved = (lines: ReturnType<typeof subs>) => movedIn({ belonging: group, lines: [parents, ...lines] });
    expect(moved(subs("pro"))).toEqual([
      "2025-01-01 top: NEW +100.00 pro p of parent",
      "2025-04-01 top: EXPANSION SEAT +40.00 pro s of sub",
    ]);
    expect(moved(subs("starter"))[1]).toBe("2025-04-01 top: EXPANSION ADD_ON +40.00 starter s of sub");
    expect(moved(subs("desk"))[1]).toBe("2025-04-01 top: EXPANSION CROSS_SELL +40.00 desk s of sub");
  });

  test("a subsidiary's end is a contraction while another has ARR, and the last one's end is churn", () => {
    expect(
      movedIn({
        belonging: group,
        lines: [
          line("a", { from: "2025-01-01", until: "2025-04-01", price: 100, ...of("sub") }),
          line("b", { from: "2025-01-01", until: "2025-06-01", price: 70, ...of("other") }),
        ],
      }),
    ).toEqual([
      "2025-01-01 top: NEW +100.00 pro a of sub",
      "2025-01-01 top: NEW +70.00 pro b of other",
      "2025-04-01 top: CONTRACTION SEAT -100.00 pro a of sub",
      "2025-06-01 top: CHURN -70.00 pro b of other",
    ]);
  });

  test("a line that moves between subsidiaries pairs to nothing, and its balance goes along", () => {
    const moved = {
      belonging: group,
      lines: [
        line("a", { from: "2025-01-01", until: "2025-04-01", price: 100, ...of("sub") }),
        line("a", { from: "2025-04-01", price: 100, ...of("other") }),
      ],
    };
    expect(movedIn(moved)).toEqual(["2025-01-01 top: NEW +100.00 pro a of sub"]);
    expect(carriedIn(moved)).toEqual(["2025-04-01 100.00 a pro of sub in top → a pro of other in top"]);
  });

  test("a line that ends at one subsidiary and starts at another under a new id is one changed line", () => {
    const moved = {
      belonging: group,
      lines: [
        line("a", { from: "2025-01-01", until: "2025-04-01", quantity: 2, price: 50, ...of("sub") }),
        line("b", { from: "2025-04-01", quantity: 3, price: 50, ...of("other") }),
      ],
    };
    expect(movedIn(moved)).toEqual([
      "2025-01-01 top: NEW +100.00 pro a of sub",
      "2025-04-01 top: EXPANSION SEAT +50.00 pro b of other",
    ]);
    expect(carriedIn(moved)).toEqual(["2025-04-01 100.00 a pro of sub in top → b pro of other in top"]);
  });

  test("the parts of a change that is divided over several accounts are one change", () => {
    const { movements } = deriveGroup({
      belonging: group,
      lines: [
        line("a", { from: "2025-01-01", until: "2025-04-01", price: 100, ...of("sub") }),
        line("b", { from: "2025-04-01", price: 100, ...of("sub") }),
        line("c", { from: "2025-04-01", price: 100, ...of("other") }),
      ],
    });
    const seats = movements.filter(({ driver }) => driver === "SEAT");
    expect(seats.map(({ accountId, amountMinor }) => [accountId, amountMinor])).toEqual([
      ["sub", 50_00n],
      ["other", 50_00n],
    ]);
    expect(new Set(seats.map(({ changeId }) => changeId)).size).toBe(1);
    expect(seats.map(({ isLaterPart }) => isLaterPart)).toEqual([false, true]);
  });

  test("a return tells how many days the whole group had nothing", () => {
    expect(
      movedIn({
        belonging: group,
        lines: [
          line("a", { from: "2025-01-01", until: "2025-02-01", price: 10, ...of("sub") }),
          line("b", { from: "2025-01-15", until: "2025-03-01", price: 10, ...of("other") }),
          line("c", { from: "2025-03-31", price: 10, ...of("sub") }),
        ],
      }).slice(3),
    ).toEqual([
      "2025-03-01 top: CHURN -10.00 pro b of other",
      "2025-03-31 top: REACTIVATION +10.00 pro c of sub, after 30 days",
    ]);
  });

  test("nothing from the day on which the answer ends is in it", () => {
    const lines = [
      line("a", { from: "2025-01-01", until: "2025-04-01", price: 10, ...of("sub") }),
      line("b", { from: "2025-03-31", price: 10, ...of("other") }),
    ];
    expect(movedIn({ belonging: group, lines, untilOn: "2025-04-01" })).toHaveLength(2);
    expect(movedIn({ belonging: group, lines, untilOn: "2025-03-31" })).toHaveLength(1);
  });

  test("an account alone is derived as ever", () => {
    const lines = [
      line("a", { from: "2025-01-01", until: "2025-04-01", plan: "starter", quantity: 2, price: 50 }),
      line("a", { from: "2025-04-01", plan: "pro", quantity: 3, price: 60 }),
      line("b", { from: "2025-02-01", until: "2025-05-01", plan: "desk", price: 9 }),
    ];
    const { movements } = deriveGroup({ belonging: { acme: "acme" }, lines });
    expect(movements).toMatchObject(
      derive(...lines).movements.map(({ accountId, effectiveOn, type, driver, amountMinor, lineId, planId }) => ({
        unitId: "acme",
        ...{ accountId, effectiveOn, type, driver, amountMinor, lineId, planId },
      })),
    );
    expect(movements).toHaveLength(5);
  });
});

describe("in a group of accounts with ready-made movements", () => {
  const base = stated("m1", "2025-01-01", "NEW", 100_00, { plan: "pro", ...of("parent") });

  test.each([
    ["a family that the group does not hold", "CROSS_SELL", { plan: "desk" }],
    ["a family that the group holds", "ADD_ON", { plan: "starter" }],
    ["a product without a plan, of a family that the group holds", "ADD_ON", { product: "quotes" }],
    ["no product", "OTHER", {}],
    ["an add-on of a family that the group holds", "ADD_ON", { plan: "quotes", isAddOn: true }],
  ] as const)("a NEW of %s is %s", (_, driver, terms) => {
    const next = stated("m2", "2025-04-01", "NEW", 40_00, { ...terms, ...of("sub") });
    expect(deriveGroup({ belonging: group, readyMade: [base, next] }).movements[1]).toMatchObject({
      type: "EXPANSION",
      driver,
      amountMinor: 40_00n,
      sourceId: "m2",
      accountId: "sub",
      gapDays: null,
    });
  });

  test.each([
    ["a family that the group then holds no more", "CROSS_SELL", { plan: "desk" }],
    ["a family that the group still holds", "ADD_ON", { plan: "starter" }],
    ["no product", "OTHER", {}],
  ] as const)("a CHURN of %s is a contraction, %s", (_, driver, terms) => {
    const readyMade = [
      base,
      stated("m2", "2025-01-01", "NEW", 40_00, { ...terms, ...of("sub") }),
      stated("m3", "2025-04-01", "CHURN", -40_00, { ...terms, ...of("sub") }),
    ];
    expect(deriveGroup({ belonging: group, readyMade }).movements[2]).toMatchObject({
      type: "CONTRACTION",
      driver,
      amountMinor: -40_00n,
    });
  });

  test("an add-on that the group holds does not make a family held for what is none", () => {
    const readyMade = [
      stated("m1", "2025-01-01", "NEW", 100_00, { plan: "quotes", isAddOn: true, ...of("parent") }),
      stated("m2", "2025-04-01", "NEW", 40_00, { plan: "pro", ...of("sub") }),
      stated("m3", "2025-05-01", "NEW", 40_00, { plan: "pro", isAddOn: true, ...of("other") }),
    ];
    expect(movedIn({ belonging: group, readyMade }).slice(1)).toEqual([
      "2025-04-01 top: EXPANSION CROSS_SELL +40.00 pro m2 of sub",
      "2025-05-01 top: EXPANSION ADD_ON +40.00 pro m3 of other",
    ]);
  });

  test("what is new on the same day does not make a family held", () => {
    const readyMade = [
      base,
      stated("m2", "2025-04-01", "NEW", 40_00, { plan: "desk", ...of("sub") }),
      stated("m3", "2025-04-01", "NEW", 30_00, { plan: "desk", ...of("other") }),
    ];
    expect(movedIn({ belonging: group, readyMade }).slice(1)).toEqual([
      "2025-04-01 top: EXPANSION CROSS_SELL +40.00 desk m2 of sub",
      "2025-04-01 top: EXPANSION CROSS_SELL +30.00 desk m3 of other",
    ]);
  });

  test("expansions and contractions keep the source's driver", () => {
    const readyMade = [
      base,
      stated("m2", "2025-04-01", "EXPANSION", 5_00, { driver: "PRICE", plan: "pro", ...of("parent") }),
      stated("m3", "2025-04-01", "CONTRACTION", -2_00, { driver: "DISCOUNT", plan: "pro", ...of("parent") }),
    ];
    expect(movedIn({ belonging: group, readyMade }).slice(1)).toEqual([
      "2025-04-01 top: EXPANSION PRICE +5.00 pro m2 of parent",
      "2025-04-01 top: CONTRACTION DISCOUNT -2.00 pro m3 of parent",
    ]);
  });

  test("a group that was lost comes back as one, whatever each source said", () => {
    const readyMade = [
      base,
      stated("m2", "2025-02-01", "CHURN", -100_00, { plan: "pro", ...of("parent") }),
      stated("m3", "2025-05-02", "NEW", 40_00, { plan: "pro", ...of("sub") }),
    ];
    expect(movedIn({ belonging: group, readyMade }).slice(1)).toEqual([
      "2025-02-01 top: CHURN -100.00 pro m2 of parent",
      "2025-05-02 top: REACTIVATION +40.00 pro m3 of sub, after 90 days",
    ]);
  });

  test("one that swaps all its ARR between two accounts on a day neither churns nor comes back", () => {
    const readyMade = [
      base,
      stated("m2", "2025-04-01", "CHURN", -100_00, { plan: "pro", ...of("parent") }),
      stated("m3", "2025-04-01", "NEW", 100_00, { plan: "pro", ...of("sub") }),
    ];
    // Held the day before is the parent's, held at the end of the day the subsidiary's.
    expect(movedIn({ belonging: group, readyMade }).slice(1)).toEqual([
      "2025-04-01 top: EXPANSION ADD_ON +100.00 pro m3 of sub",
      "2025-04-01 top: CONTRACTION ADD_ON -100.00 pro m2 of parent",
    ]);
  });
});

describe("in a group of both", () => {
  test("ready-made balances are held for lines, and lines in force, also at ARR 0, for ready-made movements", () => {
    const readyMade = [
      stated("m1", "2025-01-01", "NEW", 100_00, { plan: "pro", ...of("parent") }),
      stated("m2", "2025-03-01", "NEW", 10_00, { plan: "desk", ...of("other") }),
    ];
    const lines = [
      line("free", { from: "2025-02-01", plan: "desk-pro", price: 0, ...of("sub") }),
      line("seat", { from: "2025-02-01", plan: "pro", price: 5, ...of("sub") }),
    ];
    expect(movedIn({ belonging: group, lines, readyMade })).toEqual([
      "2025-01-01 top: NEW +100.00 pro m1 of parent",
      "2025-02-01 top: EXPANSION SEAT +5.00 pro seat of sub",
      "2025-03-01 top: EXPANSION ADD_ON +10.00 desk m2 of other",
    ]);
  });

  test("ties of a day are broken by the source's id, of lines and of movements alike", () => {
    const readyMade = [
      stated("b", "2025-01-01", "NEW", 1_00, { plan: "pro", ...of("parent") }),
      stated("B", "2025-01-01", "NEW", 1_00, { plan: "pro", ...of("parent") }),
    ];
    const lines = [
      line("a", { from: "2025-01-01", price: 1, ...of("sub") }),
      line("c", { from: "2025-01-01", price: 1, ...of("sub") }),
    ];
    const { movements } = deriveGroup({ belonging: group, lines, readyMade });
    expect(movements.map(({ sourceId }) => sourceId)).toEqual(["B", "a", "b", "c"]);
  });
});
