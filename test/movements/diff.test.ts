// What is reversed and what appended when the derivation and the ledger differ: as little as can be.

import { diffMovements, diffTransfers } from "@accrete/db/movements/diff.ts";
import type { MovementDraft, StoredMovement, TransferDraft } from "@accrete/db/movements/types.ts";
import { describe, expect, test } from "vitest";
import { anchor, derive, line } from "./story.ts";

const story = (quantity: number) => [
  anchor,
  line("a", { from: "2025-01-01", until: "2025-07-01", quantity: 2, price: 100 }),
  line("b", { from: "2025-07-01", quantity, price: 100 }),
  line("c", { from: "2025-07-01", quantity: 2, price: 100 }),
];

const draftsOf = (quantity: number) => derive(...story(quantity)).movements;

/** The drafts as the ledger keeps them: movement 0 is "m0", and its change "of …". */
const stored = (drafts: readonly MovementDraft[]): StoredMovement[] =>
  drafts.map((draft, index) => ({ ...draft, id: `m${index}`, changeId: `of ${draft.effectiveOn} ${draft.changeKey}` }));

describe("movements", () => {
  test("are all appended to an empty ledger, and all reversed when nothing is derived", () => {
    const drafts = draftsOf(2);
    expect(diffMovements(drafts, [])).toEqual({
      reverse: [],
      append: drafts.map((draft) => ({ draft, joinsChangeId: null })),
    });
    expect(diffMovements([], stored(drafts))).toEqual({ reverse: stored(drafts), append: [] });
  });

  test("that are equal stay, whatever their rule and versions", () => {
    const before = stored(draftsOf(2));
    const after = draftsOf(2).map((draft) => ({ ...draft, rule: "LINE_STARTED" as const, versionAfterId: "another" }));
    expect(diffMovements(after, before)).toEqual({ reverse: [], append: [] });
  });

  test("that are equal stay as many as there are of both", () => {
    const [draft] = draftsOf(2);
    if (!draft) throw new Error("the story has a movement");
    const twice = stored([draft, { ...draft, changeKey: "again" }]);
    expect(diffMovements([draft], twice).reverse.map((movement) => movement.id)).toEqual(["m1"]);
    expect(diffMovements([draft, { ...draft, changeKey: "again" }], twice.slice(0, 1)).append).toHaveLength(1);
  });

  test.each([
    ["day", { effectiveOn: "2025-01-02" }],
    ["type and driver", { type: "EXPANSION", driver: "SEAT" }],
    ["amount", { amountMinor: 1n }],
    ["plan", { planId: "enterprise" }],
    ["motion", { motion: "sales-led" }],
    ["campaign", { campaign: "spring" }],
    ["booking date", { bookedOn: "2024-12-01" }],
    ["add-on mark", { isAddOn: true }],
  ] as const)("that differ by their %s are reversed and appended", (_, difference) => {
    const [draft] = draftsOf(2);
    if (!draft) throw new Error("the story has a movement");
    const { reverse, append } = diffMovements([{ ...draft, ...difference }], stored([draft]));
    expect([reverse.length, append.length]).toEqual([1, 1]);
  });

  test("of one divided change: the equal parts stay, the new ones join their change", () => {
    // 200 → b 200 + c 200: SEAT +200, 100 each. With 6 seats of b it is +600, by 6 : 2.
    const before = stored(draftsOf(2));
    const { reverse, append } = diffMovements(draftsOf(6), before);
    expect(reverse.map((movement) => [movement.lineId, movement.amountMinor])).toEqual([
      ["b", 100_00n],
      ["c", 100_00n],
    ]);
    expect(append.map(({ draft, joinsChangeId }) => [draft.lineId, draft.amountMinor, joinsChangeId])).toEqual([
      ["b", 450_00n, null],
      ["c", 150_00n, null],
    ]);
    // Where only b's part is different, c's stays, and b's new part joins the change that c's belongs to.
    const halves = draftsOf(2).map((draft) => (draft.lineId === "b" ? { ...draft, campaign: "spring" } : draft));
    const partly = diffMovements(halves, before);
    expect(partly.reverse.map((movement) => movement.lineId)).toEqual(["b"]);
    expect(partly.append.map(({ joinsChangeId }) => joinsChangeId)).toEqual(["of 2025-07-01 changed b"]);
  });

  test("that were two changes and are one now are not left as two", () => {
    const parts = draftsOf(2).filter((draft) => draft.driver === "SEAT");
    const apart = stored(parts).map((movement) => ({ ...movement, changeId: movement.id }));
    const { reverse, append } = diffMovements(parts, apart);
    expect(reverse.map((movement) => movement.id)).toEqual(["m1"]);
    expect(append.map(({ draft, joinsChangeId }) => [draft.lineId, joinsChangeId])).toEqual([["c", "m0"]]);
  });
});

describe("transfers", () => {
  const transfer: TransferDraft = {
    accountId: "acme",
    effectiveOn: "2025-07-01",
    amountMinor: 100n,
    currency: "USD",
    fromLineId: "a",
    toLineId: "a",
    fromProductId: "crm",
    fromPlanId: "starter",
    toProductId: "crm",
    toPlanId: "pro",
  };

  test("that are equal stay; the others are reversed and appended", () => {
    const ledger = [
      { ...transfer, id: "t0" },
      { ...transfer, id: "t1", amountMinor: 7n },
    ];
    const more = { ...transfer, toPlanId: "enterprise" };
    expect(diffTransfers([transfer, more], ledger)).toEqual({ reverse: [ledger[1]], append: [more] });
  });

  test("between other lines are others, and those from before lines were kept are booked anew", () => {
    const renewed = { ...transfer, toLineId: "b" };
    const old = { ...transfer, id: "t0", fromLineId: null, toLineId: null };
    expect(diffTransfers([renewed], [{ ...transfer, id: "t0" }])).toMatchObject({ append: [renewed], reverse: [{}] });
    expect(diffTransfers([transfer], [old])).toEqual({ reverse: [old], append: [transfer] });
  });
});
