// A quarter was reported; then facts came that were late, corrected or deleted. Every cent between the two reports has its movement.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { refusalOf, told } from "./asking.ts";
import { catalog, lineColumns } from "./company.ts";

let db: TestDatabase;
let books: World;
let reported: string;

const line = (id: string, account: string, from: string, until: string, seats: number, plan = "starter") =>
  `${id},C-${account},${account},planner,${plan},false,${from},${until},${seats},10,,MONTH,USD`;
const lines = (...rows: string[]) => books.importText("contract-lines", `${[lineColumns, ...rows].join("\n")}\n`);
const movements = (...rows: string[]) =>
  books.importText(
    "movements",
    `movement_id,account_id,effective_on,type,driver,amount,currency\n${rows.join("\n")}\n`,
  );

/** Reported: north 1,200 → 2,400 in April; south new in May with 600; west ready-made, 900 from February. Then the books changed. */
beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
  await books.importText("catalog", catalog.join("\n"));
  await books.importText(
    "accounts",
    "account_id,name,channel\nnorth,North,Direct\nsouth,South,Direct\nwest,West,Direct\n",
  );
  await lines(line("N1", "north", "2025-01-01", "2025-04-01", 10), line("N1", "north", "2025-04-01", "", 20));
  await lines(line("S1", "south", "2025-05-01", "", 5));
  const { ledgerVersion } = await movements(
    "W1,west,2025-02-01,NEW,,900.00,USD",
    "W2,west,2025-06-01,CONTRACTION,SEAT,-100.00,USD",
  );
  reported = String(ledgerVersion);
  // north had 12 seats from January on, and 20 from April: 240 more in the opening, 240 less expansion.
  await lines(line("N1", "north", "2025-01-01", "2025-04-01", 12));
  // south was there since March, with 4 seats: 480 more in the opening; in May one seat more, 120, and none of its 600 is new.
  await lines(line("S0", "south", "2025-03-01", "2025-05-01", 4));
  // west's contraction was never; and what is of July bears on no day of the quarter.
  const { movements: ledger } = await told<{ movements: { nodes: { id: string; externalId: string | null }[] } }>(
    books,
    "{ movements { nodes { id externalId } } }",
  );
  const w2 = ledger.nodes.find(({ externalId }) => externalId === "W2")?.id;
  await told(
    books,
    `mutation { correctMovement(movementId: "${w2}", withdraw: true, note: "not ours") { reversal { id } } }`,
  );
  await lines(line("N2", "north", "2025-07-01", "", 1, "pro"));
  await books.importText("accounts", "account_id,name,channel\nnorth,North,Partner\n");
});
afterAll(() => db.drop());

type Changed = {
  whatChanged: {
    before: { ledgerVersion: string; total: Record<string, string> };
    after: { ledgerVersion: string; total: Record<string, string> };
    differences: { metric: string; before: string; after: string; difference: string }[];
    totals: { effect: string; type: string; amount: string; movementCount: number; currency: string }[];
    movements: {
      totalCount: number;
      nodes: { effect: string; movement: { type: string; amount: string; effectiveOn: string; note: string | null } }[];
    };
    commits: {
      totalCount: number;
      nodes: { action: string; facts: { kind: string; recorded: number; ended: number }[] }[];
    };
  };
};

const ask = (filter = "", from = "2025-04-01", until = "2025-07-01") =>
  told<Changed>(
    books,
    `{ whatChanged(window: { fromOn: "${from}", untilOn: "${until}" }, since: { ledgerVersion: "${reported}" } ${filter}) {
      before { ledgerVersion total { expansionArr } } after { ledgerVersion total { expansionArr } }
      differences { metric before after difference }
      totals { effect type currency amount movementCount }
      movements(first: 200) { totalCount nodes { effect movement { type amount effectiveOn note } } }
      commits { totalCount nodes { action facts { kind recorded ended } } } } }`,
  );

const minor = (text: string) => BigInt(text.replace(".", ""));

describe("what changed since a report", () => {
  it("is every money column before and after, with what moved it, movement by movement", async () => {
    const { whatChanged } = await ask();
    expect(whatChanged.before).toEqual({ ledgerVersion: reported, total: { expansionArr: "1200.00" } });
    expect(whatChanged.after.total).toEqual({ expansionArr: "1080.00" });
    expect(whatChanged.differences.filter(({ difference }) => difference !== "0.00")).toEqual([
      { metric: "openingArr", before: "2100.00", after: "2820.00", difference: "720.00" },
      { metric: "newArr", before: "600.00", after: "0.00", difference: "-600.00" },
      { metric: "expansionArr", before: "1200.00", after: "1080.00", difference: "-120.00" },
      { metric: "contractionArr", before: "100.00", after: "0.00", difference: "-100.00" },
      { metric: "closingArr", before: "3800.00", after: "3900.00", difference: "100.00" },
    ]);
    expect(whatChanged.totals).toEqual([
      { effect: "FLOW", type: "NEW", currency: "USD", amount: "-600.00", movementCount: 1 },
      { effect: "FLOW", type: "EXPANSION", currency: "USD", amount: "-120.00", movementCount: 3 },
      { effect: "FLOW", type: "CONTRACTION", currency: "USD", amount: "100.00", movementCount: 1 },
      { effect: "OPENING", type: "NEW", currency: "USD", amount: "720.00", movementCount: 3 },
    ]);
    expect(whatChanged.movements.totalCount).toBe(8);
    expect(whatChanged.movements.nodes.at(-1)).toEqual({
      effect: "FLOW",
      movement: { type: "CONTRACTION", amount: "100.00", effectiveOn: "2025-06-01", note: "not ours" },
    });
  });

  it.each([
    ["the quarter", "", "2025-04-01", "2025-07-01"],
    ["one account", `, filter: { accountExternalIds: ["south"] }`, "2025-04-01", "2025-07-01"],
    ["one month", "", "2025-05-01", "2025-06-01"],
    ["days that no one changed", "", "2024-01-01", "2024-06-01"],
    ["everything", "", "2020-01-01", "2030-01-01"],
  ])("adds up exactly: the listed movements of %s are the differences", async (_, filter, from, until) => {
    const { whatChanged } = await ask(filter, from, until);
    const { nodes } = whatChanged.movements;
    const listed = (matches: (node: (typeof nodes)[number]) => boolean) =>
      nodes.filter(matches).reduce((sum, { movement }) => sum + minor(movement.amount), 0n);
    const flow = (type: string) => listed(({ effect, movement }) => effect === "FLOW" && movement.type === type);
    const sums: Record<string, bigint> = {
      openingArr: listed(({ effect }) => effect === "OPENING"),
      newArr: flow("NEW"),
      reactivationArr: flow("REACTIVATION"),
      expansionArr: flow("EXPANSION"),
      contractionArr: -flow("CONTRACTION"),
      churnedArr: -flow("CHURN"),
      closingArr: listed(() => true),
    };
    for (const { metric, difference } of whatChanged.differences)
      expect([metric, minor(difference)]).toEqual([metric, sums[metric] ?? 0n]);
    expect(nodes).toHaveLength(whatChanged.movements.totalCount);
  });

  it("tells the other commits too, with what each touched", async () => {
    const { commits } = (await ask()).whatChanged;
    expect(commits.totalCount).toBe(5);
    expect(
      commits.nodes.map(({ action, facts }) => [
        action,
        ...facts.map(({ kind, recorded, ended }) => `${kind} +${recorded} -${ended}`),
      ]),
    ).toEqual([
      ["import contract-lines", "CONTRACT_LINES +1 -1", "MOVEMENTS +2 -2"],
      ["import contract-lines", "CONTRACT_LINES +1 -0", "MOVEMENTS +2 -1", "TRANSFERS +1 -0"],
      ["correct movements", "MOVEMENTS +0 -1"],
      ["import contract-lines", "CONTRACT_LINES +1 -0", "MOVEMENTS +1 -0"],
      ["import accounts", "ATTRIBUTES +1 -1"],
    ]);
  });

  it("is nothing since now, and is refused for a later report than the other, and for a band", async () => {
    const { whatChanged } = await ask();
    const now = whatChanged.after.ledgerVersion;
    const question = (words: string) =>
      `{ whatChanged(window: { fromOn: "2025-04-01", untilOn: "2025-07-01" }, ${words}) { movements { totalCount } commits { totalCount } } }`;
    expect(await told(books, question(`since: { ledgerVersion: "${now}" }`))).toEqual({
      whatChanged: { movements: { totalCount: 0 }, commits: { totalCount: 0 } },
    });
    const later = question(`since: { ledgerVersion: "${now}" }, policy: { asOf: { ledgerVersion: "${reported}" } }`);
    expect(await refusalOf(books, later)).toMatchObject({ code: "BAD_USER_INPUT", field: "since" });
    const never = question(`since: { ledgerVersion: "999999" }`);
    expect(await refusalOf(books, never)).toMatchObject({ code: "BAD_USER_INPUT", field: "since" });
    const band = question(`since: { ledgerVersion: "${reported}" }, filter: { segment: ["SMB"] }`);
    expect(await refusalOf(books, band)).toMatchObject({ code: "BAD_USER_INPUT", field: "filter.segment" });
  });
});

/** A group of two, and an account that leaves it: P has 1,200 since January, its daughter D 600 since May; alone has 240 since 2024. */
describe("what changed under a policy that types anew", () => {
  let place: World;
  let since: string;
  beforeAll(async () => {
    place = await world(db);
    await place.importText("catalog", catalog.join("\n"));
    await place.importText(
      "accounts",
      "account_id,name,parent_id,channel\nP,P,,Direct\nD,D,P,Partner\nalone,Alone,,Direct\n",
    );
    const sent = (...rows: string[]) => place.importText("contract-lines", `${[lineColumns, ...rows].join("\n")}\n`);
    await sent(line("P1", "P", "2025-01-01", "", 10), line("A1", "alone", "2024-01-01", "", 2));
    since = String((await sent(line("D1", "D", "2025-05-01", "", 5))).ledgerVersion);
    // The daughter had 7 seats, and the account apart 3: 240 and 120 a year more.
    await sent(line("D1", "D", "2025-05-01", "", 7), line("A1", "alone", "2024-01-01", "", 3));
  });

  const askUnder = async (policy: string, filter: string) => {
    const { whatChanged } = await told<Changed>(
      place,
      `{ whatChanged(window: { fromOn: "2025-04-01", untilOn: "2025-07-01" }, since: { ledgerVersion: "${since}" },
        policy: { ${policy} }, filter: { ${filter} }) {
        differences { metric difference } movements { nodes { movement { type amount effectiveOn } } } } }`,
    );
    return [
      ...whatChanged.differences
        .filter(({ difference }) => difference !== "0.00")
        .map(({ metric, difference }) => `${metric} ${difference}`),
      ...whatChanged.movements.nodes.map(({ movement: { type, amount } }) => `${type} ${amount}`).sort(),
    ];
  };
  const daughters = ["NEW -600.00", "NEW 840.00"];
  const expansion = ["expansionArr 240.00", "closingArr 240.00", ...daughters];

  it("has a subsidiary's movements behind the difference of its group, however the group is chosen", async () => {
    const ofGroups = "accountLevel: ULTIMATE_PARENT";
    expect(await askUnder(ofGroups, 'accountExternalIds: ["P"]')).toEqual(expansion);
    expect(await askUnder(ofGroups, 'accountExternalIds: ["P"], type: [EXPANSION]')).toEqual(expansion);
    expect(await askUnder(ofGroups, 'channel: ["Direct"], accountExternalIds: ["P"]')).toEqual(expansion);
    // The subsidiary is no unit: its id chooses nothing, and nothing changed of it.
    expect(await askUnder(ofGroups, 'accountExternalIds: ["D"]')).toEqual([]);
  });

  it("has the movements that a net one was made of, and of an account's balance too", async () => {
    const net = "method: SNAPSHOT";
    expect(await askUnder(net, 'channel: ["Partner"]')).toEqual(["newArr 240.00", "closingArr 240.00", ...daughters]);
    expect(await askUnder(net, 'accountExternalIds: ["alone"], type: [CHURN]')).toEqual([
      "openingArr 120.00",
      "closingArr 120.00",
      "NEW -240.00",
      "NEW 360.00",
    ]);
  });
});
