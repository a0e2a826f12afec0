// What a workspace chooses, and the log of who changed it: bands, reporting currency, fiscal year, treatment of late facts.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { defaultSegmentBands, requireSegmentBands, segmentOf } from "@accrete/db/workspaces/segments.ts";
import { changeSettings } from "@accrete/db/workspaces/store.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerOf } from "../schema/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { world } from "../support/world.ts";
import { change } from "./writing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AccreteError) return `${error.code} ${error.field}: ${error.message}`;
    throw error;
  }
  throw new Error("it was taken");
}

const band = (name: string, fromArr: string) => ({ name, fromArr });

describe("bands", () => {
  test("are brought into order, the lower bound inclusive, in minor units of the currency", () => {
    const bands = requireSegmentBands([band("Small", "0"), band(" Large ", "1000.5")], "USD");
    expect(bands).toEqual([
      { name: "Large", fromMinor: "100050" },
      { name: "Small", fromMinor: "0" },
    ]);
    expect([0n, 100_049n, 100_050n].map((arr) => segmentOf(arr, bands))).toEqual(["Small", "Small", "Large"]);
    expect(requireSegmentBands([band("All", "0"), band("B", "7")], "JPY")[0]).toEqual({ name: "B", fromMinor: "7" });
    expect(requireSegmentBands([band("All", "0"), band("B", "0.005")], "KWD")[0]?.fromMinor).toBe("5");
  });

  test("start at 100,000 and 25,000 in any currency unless the workspace says otherwise", () => {
    expect(defaultSegmentBands(0).map(({ fromMinor }) => fromMinor)).toEqual(["100000", "25000", "0"]);
    expect(defaultSegmentBands(2).map(({ fromMinor }) => fromMinor)).toEqual(["10000000", "2500000", "0"]);
  });

  test("that leave an ARR without a band or with two, or have no proper name, are refused", () => {
    const of = (...bands: { name: string; fromArr: string }[]) => refused(() => requireSegmentBands(bands, "USD"));
    expect(of()).toBe("BAD_USER_INPUT bands: A workspace has 1 to 50 bands; 0 were given.");
    expect(of(band("A", "1"))).toMatch(/One band starts at 0/);
    expect(of(band("A", "0"), band("B", "0.00"))).toMatch(/'A' and 'B' start at the same bound/);
    expect(of(band("A", "0"), band("A ", "5"))).toMatch(/Two bands are called 'A'/);
    expect(of(band("A", "0"), band("B", "-5"))).toMatch(/'-5' is not an amount of USD from 0 up: the band 'B'/);
    expect(of(band("A", "0"), band("B", "0.001"))).toMatch(/'0.001' is not an amount of USD/);
    expect(of(band("A", "0"), band(" ", "5"))).toMatch(/A band has a name/);
    expect(of(band("A", "0"), band("x".repeat(101), "5"))).toMatch(/1 to 100 characters/);
    const many = Array.from({ length: 51 }, (_, i) => band(`b${i}`, String(i)));
    expect(of(...many)).toMatch(/51 were given/);
    expect(requireSegmentBands(many.slice(0, 50), "USD")).toHaveLength(50);
  });
});

const bandsOf = "segmentBands { name fromArr }";

test("setSegments changes the bands from now on; an earlier version keeps its own", async () => {
  const books = await world(db);
  const { setSegments } = await change<{ setSegments: unknown }>(
    books,
    `mutation { setSegments(bands: [{ name: "Rest", fromArr: "0" }, { name: "Big", fromArr: "50000" }]) { ledgerVersion ${bandsOf} } }`,
  );
  const bands = [band("Big", "50000.00"), band("Rest", "0.00")];
  expect(setSegments).toEqual({ ledgerVersion: "2", segmentBands: bands });
  const { now, before } = await answerOf<{ now: { segmentBands: unknown }; before: { segmentBands: unknown[] } }>(
    books,
    `{ now: workspace { ${bandsOf} } before: workspace(asOf: { ledgerVersion: "1" }) { ${bandsOf} } }`,
  );
  expect(now.segmentBands).toEqual(bands);
  expect(before.segmentBands[0]).toEqual(band("Enterprise", "100000.00"));
});

test("setWorkspace changes what is named and leaves the rest; saying it again records nothing", async () => {
  const books = await world(db);
  const again = `mutation { setWorkspace(fiscalYearStartMonth: 4, closedPeriodTreatment: RESTATE)
    { ledgerVersion reportingCurrency fiscalYearStartMonth closedPeriodTreatment } }`;
  const expected = {
    setWorkspace: {
      ledgerVersion: "2",
      reportingCurrency: "USD",
      fiscalYearStartMonth: 4,
      closedPeriodTreatment: "RESTATE",
    },
  };
  expect(await change(books, again)).toEqual(expected);
  expect(await change(books, again)).toEqual(expected);
});

test("another reporting currency needs the bands in it, and changes nothing without them", async () => {
  const books = await world(db);
  await expect(change(books, `mutation { setWorkspace(reportingCurrency: "JPY") { id } }`)).rejects.toMatchObject({
    code: "BAD_USER_INPUT",
    field: "segmentBands",
    message: "The bounds of the 3 bands are amounts of USD: state the bands in JPY too.",
  });
  // A bound with decimals is no amount of yen.
  await expect(
    change(
      books,
      `mutation { setWorkspace(reportingCurrency: "JPY", segmentBands: [{ name: "All", fromArr: "0" }, { name: "B", fromArr: "1.5" }]) { id } }`,
    ),
  ).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "segmentBands" });
  const changed = await change(
    books,
    `mutation { setWorkspace(reportingCurrency: "JPY", segmentBands: [{ name: "All", fromArr: "0" }, { name: "B", fromArr: "15000000" }])
      { ledgerVersion reportingCurrency ${bandsOf} } }`,
  );
  expect(changed).toEqual({
    setWorkspace: {
      ledgerVersion: "2",
      reportingCurrency: "JPY",
      segmentBands: [band("B", "15000000"), band("All", "0")],
    },
  });
});

test("a fiscal year starts in a month of the year", async () => {
  const books = await world(db);
  for (const month of [0, 13]) {
    await expect(
      change(books, `mutation { setWorkspace(fiscalYearStartMonth: ${month}) { id } }`),
    ).rejects.toMatchObject({ code: "BAD_USER_INPUT", field: "fiscalYearStartMonth" });
  }
});

test("the log tells who changed what, when, from what and to what, the newest first, and as of an earlier version", async () => {
  const books = await world(db);
  await change(books, "mutation { setWorkspace(fiscalYearStartMonth: 7, closedPeriodTreatment: RESTATE) { id } }");
  await change(books, "mutation { setPolicy(policy: { netting: MONTH, reactivationWindowDays: 90 }) { id } }");
  await books.write((tx) => changeSettings(tx, { fiscalYearStartMonth: 1 }, { actor: "command", action: "test" }));
  await change(books, `mutation { setSegments(bands: [{ name: "All", fromArr: "0" }]) { id } }`);
  await change(books, "mutation { setPolicy(policy: {}) { id } }");
  const change1 = "changes { setting policyKey from to }";
  const { settingsChanges } = await answerOf<{ settingsChanges: { totalCount: number; nodes: object[] } }>(
    books,
    `{ settingsChanges { totalCount nodes { ledgerVersion setBy recordedAt ${change1} } } }`,
  );
  const none = { policyKey: null };
  const byKey = expect.stringMatching(/^key_/);
  const at = { recordedAt: expect.stringMatching(/Z$/) };
  expect(settingsChanges).toEqual({
    totalCount: 5,
    nodes: [
      {
        ledgerVersion: "6",
        setBy: byKey,
        ...at,
        changes: [
          { setting: "DEFAULT_POLICY", policyKey: "REACTIVATION_WINDOW_DAYS", from: "90", to: null },
          { setting: "DEFAULT_POLICY", policyKey: "NETTING", from: "MONTH", to: "NONE" },
        ],
      },
      {
        ledgerVersion: "5",
        setBy: byKey,
        ...at,
        changes: [
          {
            setting: "SEGMENT_BANDS",
            ...none,
            from: "Enterprise from 100000.00, Mid-Market from 25000.00, SMB from 0.00 USD",
            to: "All from 0.00 USD",
          },
        ],
      },
      {
        ledgerVersion: "4",
        setBy: "command",
        ...at,
        changes: [{ setting: "FISCAL_YEAR_START_MONTH", ...none, from: "7", to: "1" }],
      },
      {
        ledgerVersion: "3",
        setBy: byKey,
        ...at,
        changes: [
          { setting: "DEFAULT_POLICY", policyKey: "REACTIVATION_WINDOW_DAYS", from: null, to: "90" },
          { setting: "DEFAULT_POLICY", policyKey: "NETTING", from: "NONE", to: "MONTH" },
        ],
      },
      {
        ledgerVersion: "2",
        setBy: byKey,
        ...at,
        changes: [
          { setting: "FISCAL_YEAR_START_MONTH", ...none, from: "1", to: "7" },
          { setting: "CLOSED_PERIOD_TREATMENT", ...none, from: "REFUSE", to: "RESTATE" },
        ],
      },
    ],
  });
  type Pages = { settingsChanges: { nodes: unknown[]; pageInfo: { endCursor: string } } };
  const { settingsChanges: first } = await answerOf<Pages>(
    books,
    `{ settingsChanges(first: 2, asOf: { ledgerVersion: "4" }) { nodes { ledgerVersion } pageInfo { endCursor } } }`,
  );
  expect(first.nodes).toEqual([{ ledgerVersion: "4" }, { ledgerVersion: "3" }]);
  const { settingsChanges: rest } = await answerOf<Pages>(
    books,
    `query ($after: String) { settingsChanges(first: 2, after: $after) { nodes { ledgerVersion } pageInfo { endCursor } } }`,
    { after: first.pageInfo.endCursor },
  );
  expect(rest.nodes).toEqual([{ ledgerVersion: "2" }]);
});
