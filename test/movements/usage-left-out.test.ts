// What ready-made movements are where some of their account's are left out: new and lost by what is left, also where that is below 0.

import { describe, expect, test } from "vitest";
import { deriveGroup, movedIn, stated } from "./group-story.ts";
import { line } from "./story.ts";

const both = { acme: "top", parent: "top", sub: "top", other: "top" };
const of = (accountId: string) => ({ accountId });

describe("where usage is left out", () => {
  test("ready-made changes that are all that is left are new and lost, whatever the source said", () => {
    // What was NEW, a commitment, is not there any more.
    const readyMade = [
      stated("m2", "2025-04-01", "EXPANSION", 40_00, { driver: "CROSS_SELL", plan: "pro" }),
      stated("m3", "2025-05-01", "CONTRACTION", -40_00, { driver: "CROSS_SELL", plan: "pro" }),
      stated("m4", "2025-05-11", "EXPANSION", 10_00, { driver: "SEAT", plan: "pro" }),
    ];
    expect(movedIn({ belonging: { acme: "acme" }, readyMade })).toEqual([
      "2025-04-01 acme: NEW +40.00 pro m2 of acme",
      "2025-05-01 acme: CHURN -40.00 pro m3 of acme",
      "2025-05-11 acme: REACTIVATION +10.00 pro m4 of acme, after 10 days",
    ]);
  });

  test("a fall within the first day is part of what is new", () => {
    const readyMade = [
      stated("m2", "2025-04-01", "EXPANSION", 40_00, { driver: "SEAT", plan: "pro" }),
      stated("m3", "2025-04-01", "CONTRACTION", -15_00, { driver: "DISCOUNT", plan: "pro" }),
    ];
    expect(movedIn({ belonging: { acme: "acme" }, readyMade })).toEqual([
      "2025-04-01 acme: NEW +40.00 pro m2 of acme",
      "2025-04-01 acme: NEW -15.00 pro m3 of acme",
    ]);
  });

  test("balances that are negative without what was left out are moved by sign, with the source's driver", () => {
    // A source took from RECURRING what it had booked as a commitment.
    const readyMade = [
      stated("m2", "2025-04-01", "CONTRACTION", -15_00, { driver: "DISCOUNT", plan: "pro" }),
      stated("m3", "2025-05-01", "CHURN", -5_00, { plan: "pro" }),
      stated("m4", "2025-06-01", "EXPANSION", 30_00, { driver: "SEAT", plan: "pro" }),
    ];
    expect(movedIn({ belonging: { acme: "acme" }, readyMade })).toEqual([
      "2025-04-01 acme: CONTRACTION DISCOUNT -15.00 pro m2 of acme",
      "2025-05-01 acme: CONTRACTION CROSS_SELL -5.00 pro m3 of acme",
      "2025-06-01 acme: NEW +30.00 pro m4 of acme",
    ]);
  });

  test("a balance that was negative is held as soon as it is positive", () => {
    const readyMade = [
      stated("m1", "2025-01-01", "NEW", 100_00, { plan: "desk" }),
      stated("m2", "2025-02-01", "CONTRACTION", -15_00, { driver: "OTHER", plan: "pro" }),
      stated("m3", "2025-03-01", "NEW", 1_00, { plan: "starter", ...of("sub") }),
      stated("m4", "2025-04-01", "EXPANSION", 16_00, { driver: "OTHER", plan: "pro" }),
      stated("m5", "2025-05-01", "NEW", 1_00, { plan: "starter", isAddOn: true, ...of("other") }),
    ];
    const [, , third, , fifth] = deriveGroup({ belonging: both, readyMade }).movements;
    expect([third?.driver, fifth?.driver]).toEqual(["CROSS_SELL", "ADD_ON"]);
    const without = readyMade.filter(({ sourceId }) => sourceId !== "m3");
    expect(deriveGroup({ belonging: both, readyMade: without }).movements[3]?.driver).toBe("ADD_ON");
  });

  test("a line beside a negative balance moves by its difference where the unit's ARR leaves 0 or falls to 0", () => {
    const readyMade = [stated("m1", "2025-01-01", "CONTRACTION", -50_00, { driver: "OTHER", ...of("parent") })];
    const lines = [
      line("s", { from: "2025-02-01", until: "2025-03-01", price: 40, ...of("sub") }),
      line("s", { from: "2025-03-01", until: "2025-04-01", price: 60, ...of("sub") }),
      line("s", { from: "2025-04-01", price: 30, ...of("sub") }),
    ];
    expect(movedIn({ belonging: both, lines, readyMade })).toEqual([
      "2025-01-01 top: CONTRACTION OTHER -50.00 m1 of parent",
      "2025-02-01 top: EXPANSION CROSS_SELL +40.00 pro s of sub",
      "2025-03-01 top: NEW +20.00 pro s of sub",
      "2025-04-01 top: CHURN -30.00 pro s of sub",
    ]);
  });
});
