// What metered usage is worth on which day, by hand.

import { cutByUsage, type UsagePeriod, usageLapsesOn } from "@accrete/db/contracts/metered.ts";
import type { LineVersion } from "@accrete/db/contracts/version.ts";
import { describe, expect, it } from "vitest";

const version: LineVersion = {
  id: "v1",
  lineId: "calls",
  lineExternalId: "calls",
  accountId: "acme",
  productId: "voice",
  planId: "calls",
  kind: "METERED",
  isAddOn: false,
  fromOn: "2025-01-01",
  untilOn: null,
  quantity: "1",
  unitPrice: "999",
  discountPercent: null,
  discountAmount: null,
  billingInterval: "MONTH",
  currency: "USD",
  arrMinor: 1_198_800n,
  bookedOn: null,
  motion: null,
  campaign: null,
};

const usage = (fromOn: string, untilOn: string, amount: string): UsagePeriod => ({
  lineId: "calls",
  fromOn,
  untilOn,
  amount,
});

const spansOf = (versions: readonly LineVersion[], periods: readonly UsagePeriod[]) =>
  cutByUsage(versions, periods).map(({ fromOn, untilOn, arrMinor }) => [fromOn, untilOn, arrMinor]);

describe("metered usage", () => {
  it("counts a period's amount times the periods of a year, from its end until the next one's, and nothing before", () => {
    const periods = [usage("2025-02-01", "2025-03-01", "150"), usage("2025-01-01", "2025-02-01", "100")];
    expect(spansOf([version], periods)).toEqual([
      ["2025-01-01", "2025-02-01", 0n],
      ["2025-02-01", "2025-03-01", 120_000n],
      ["2025-03-01", "2025-05-16", 180_000n],
      ["2025-05-16", null, 0n],
    ]);
  });

  it("lapses 45 days after the next period was due: due on 1 April, gone on 16 May, still there on the 15th", () => {
    expect(usageLapsesOn("2025-03-01", "MONTH")).toBe("2025-05-16");
    // A year from a leap day on is 28 February; 45 days later is 14 April.
    expect(usageLapsesOn("2024-02-29", "YEAR")).toBe("2025-04-14");
    expect(usageLapsesOn("2025-03-01", "DAY")).toBe("2025-04-16");
    expect(usageLapsesOn("2025-03-01", "WEEK")).toBe("2025-04-22");
    expect(usageLapsesOn("2025-03-01", "QUARTER")).toBe("2025-07-16");
    expect(usageLapsesOn("2025-03-01", "THREE_YEARS")).toBe("2028-04-15");
  });

  it("does not lapse when the next period ends on that very day, and does when it ends the day after", () => {
    const first = usage("2025-02-01", "2025-03-01", "100");
    expect(spansOf([version], [first, usage("2025-04-16", "2025-05-16", "100")]).slice(1, 3)).toEqual([
      ["2025-03-01", "2025-05-16", 120_000n],
      ["2025-05-16", "2025-07-31", 120_000n],
    ]);
    expect(spansOf([version], [first, usage("2025-04-16", "2025-05-17", "100")]).slice(1, 4)).toEqual([
      ["2025-03-01", "2025-05-16", 120_000n],
      ["2025-05-16", "2025-05-17", 0n],
      ["2025-05-17", "2025-08-01", 120_000n],
    ]);
  });

  it("counts only while a version is in force: a line that ended has no usage after it, whatever is billed late", () => {
    const ended = { ...version, untilOn: "2025-04-01" };
    expect(
      spansOf([ended], [usage("2025-02-01", "2025-03-01", "100"), usage("2025-03-01", "2025-04-01", "70")]),
    ).toEqual([
      ["2025-01-01", "2025-03-01", 0n],
      ["2025-03-01", "2025-04-01", 120_000n],
    ]);
  });

  it("goes on over a new version of the line, whose plan it then is, and is annualized as it was billed", () => {
    const quarterly: LineVersion = {
      ...version,
      id: "v2",
      fromOn: "2025-03-15",
      planId: "more",
      billingInterval: "QUARTER",
    };
    const cut = cutByUsage(
      [{ ...version, untilOn: "2025-03-15" }, quarterly],
      [usage("2025-02-01", "2025-03-01", "100")],
    );
    expect(cut.map(({ id, planId, fromOn, untilOn, arrMinor }) => [id, planId, fromOn, untilOn, arrMinor])).toEqual([
      ["v1", "calls", "2025-01-01", "2025-03-01", 0n],
      ["v1", "calls", "2025-03-01", "2025-03-15", 120_000n],
      ["v2", "more", "2025-03-15", "2025-05-16", 120_000n],
      ["v2", "more", "2025-05-16", null, 0n],
    ]);
  });

  it("is rounded half-even once, and exact where a year is a third of the period", () => {
    const threeYears: LineVersion = { ...version, billingInterval: "THREE_YEARS" };
    expect(cutByUsage([threeYears], [usage("2022-02-01", "2025-02-01", "100")])[1]?.arrMinor).toBe(3_333n);
    expect(cutByUsage([threeYears], [usage("2022-02-01", "2025-02-01", "0.075")])[1]?.arrMinor).toBe(2n);
  });

  it("leaves a metered line without usage, and lines of other kinds, at what their terms say", () => {
    expect(cutByUsage([version], [])).toEqual([version]);
    const recurring: LineVersion = { ...version, kind: "RECURRING" };
    expect(cutByUsage([recurring], [usage("2025-01-01", "2025-02-01", "100")])).toEqual([recurring]);
  });

  it("that falls to 0 is worth 0 from the end of that period on", () => {
    const periods = [usage("2025-01-01", "2025-02-01", "100"), usage("2025-02-01", "2025-03-01", "0")];
    expect(spansOf([version], periods)[2]).toEqual(["2025-03-01", "2025-05-16", 0n]);
  });

  it("of a line that went to another account is the same whether both accounts are read together or one alone", () => {
    const left: LineVersion = { ...version, untilOn: "2025-04-01" };
    const entered: LineVersion = { ...version, accountId: "beta", fromOn: "2025-04-01", billingInterval: "QUARTER" };
    const periods = [usage("2025-03-01", "2025-04-01", "100")];
    const alone = [
      ["2025-04-01", "2025-08-15", 40_000n],
      ["2025-08-15", null, 0n],
    ];
    expect(spansOf([entered], periods)).toEqual(alone);
    expect(spansOf([left, entered], periods)).toEqual([["2025-01-01", "2025-04-01", 0n], ...alone]);
  });
});
