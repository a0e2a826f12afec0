// A source's ready-made movements are corrected and withdrawn by hand: the ledger keeps both, and the source cannot bring back what it said.

import { hashState } from "@accrete/db/movements/hash.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { importText, standing } from "../ingestion/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type World, world } from "../support/world.ts";
import { refusalOf, told } from "./asking.ts";
import { catalog, lineColumns } from "./company.ts";

let db: TestDatabase;
let books: World;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const columns = "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id";
const first = "W1,west,2025-01-10,NEW,,1000.00,USD,planner,starter";
const seats = "W2,west,2025-03-01,EXPANSION,SEAT,500.00,USD,planner,starter";
const fewer = "W3,west,2025-06-01,CONTRACTION,SEAT,-200.00,USD,planner,starter";

beforeEach(async () => {
  books = await world(db);
  await books.importText("catalog", catalog.join("\n"));
  await books.importText("accounts", "account_id,name\nwest,West\nnorth,North\n");
  await books.importText("movements", [columns, first, seats, fewer, ""].join("\n"));
  const line = "N1,C1,north,planner,starter,false,2025-01-01,,10,10,,MONTH,USD";
  await books.importText("contract-lines", `${lineColumns}\n${line}\n`);
});

/** The public id of the movement that counts under an id of the source's, or of the first row of the ledger that was under it. */
async function idOf(externalId: string, entries = "UNREVERSED"): Promise<string> {
  const { movements } = await told<{ movements: { nodes: { id: string; externalId: string | null }[] } }>(
    books,
    `{ movements(entries: ${entries}, orderBy: [{ field: RECORDED_AT, direction: ASC }]) { nodes { id externalId } } }`,
  );
  return movements.nodes.find((movement) => movement.externalId === externalId)?.id ?? "";
}

const correct = `mutation ($id: ID!, $change: MovementChangeInput, $withdraw: Boolean, $note: String) {
  correctMovement(movementId: $id, change: $change, withdraw: $withdraw, note: $note) {
    reversal { amount note effectiveOn reverses { externalId } }
    movement { id externalId amount driver effectiveOn note corrects { amount } reason { rule sourceRecord { row } } }
  }
}`;

const west = async () => (await standing(books)).filter(([account]) => account === "west").map((row) => row.slice(1));
const send = (...rows: string[]) => importText({ db, books }, "movements", [columns, ...rows, ""].join("\n"), {});
const hash = () => books.read(hashState);

describe("a corrected movement", () => {
  it("is taken back and told anew under its own id, and each says what became of it", async () => {
    const id = await idOf("W2");
    const { correctMovement } = await told(books, correct, {
      id,
      change: { amount: "600.00", driver: "TIER" },
      note: "  600, by the invoice ",
    });
    expect(correctMovement).toEqual({
      reversal: {
        amount: "-500.00",
        note: "600, by the invoice",
        effectiveOn: "2025-03-01",
        reverses: { externalId: "W2" },
      },
      movement: {
        id: expect.stringMatching(/^mov_/),
        externalId: "W2",
        amount: "600.00",
        driver: "TIER",
        effectiveOn: "2025-03-01",
        note: "600, by the invoice",
        corrects: { amount: "500.00" },
        reason: { rule: "SOURCE", sourceRecord: null },
      },
    });
    expect(await west()).toEqual([
      ["2025-01-10", "NEW", null, 100_000n],
      ["2025-03-01", "EXPANSION", "TIER", 60_000n],
      ["2025-06-01", "CONTRACTION", "SEAT", -20_000n],
    ]);
    const was = await told(
      books,
      `{ node(id: "${id}") { ... on Movement { note correctedBy { amount } reversedBy { amount } } } }`,
    );
    expect(was).toEqual({ node: { note: null, correctedBy: { amount: "600.00" }, reversedBy: { amount: "-500.00" } } });
  });

  it("refuses its row as it was sent, and knows its row as it was corrected", async () => {
    await told(books, correct, { id: await idOf("W2"), change: { amount: "600.00" } });
    const refused = await send(seats);
    expect(refused.faults.map(({ code, field }) => [code, field])).toEqual([
      ["MOVEMENT_ALREADY_RECORDED", "movement_id"],
    ]);
    expect(await send(seats.replace("500.00", "600.00"), first)).toMatchObject({ outcome: "UNCHANGED" });
  });

  it("that is corrected back leaves the state as if nothing had been", async () => {
    const before = await hash();
    await told(books, correct, { id: await idOf("W2"), change: { effectiveOn: "2025-04-01", plan: "pro" } });
    expect(await hash()).not.toBe(before);
    await told(books, correct, { id: await idOf("W2"), change: { effectiveOn: "2025-03-01", plan: "starter" } });
    expect(await hash()).toBe(before);
    expect(await send(first, seats, fewer)).toMatchObject({ outcome: "UNCHANGED" });
  });

  it("can be a NEW that moves past what follows, when both are corrected at once", async () => {
    const corrections = [
      { movementId: await idOf("W1"), change: { effectiveOn: "2025-04-01" } },
      { movementId: await idOf("W2"), change: { effectiveOn: "2025-05-01" } },
    ];
    const alone = await refusalOf(books, correct, {
      id: corrections[0]?.movementId,
      change: { effectiveOn: "2025-04-01" },
    });
    expect(alone).toMatchObject({ code: "BAD_USER_INPUT", field: "change", message: /movements on 2025-03-01/ });
    const both = `mutation ($corrections: [MovementCorrectionInput!]!) { correctMovements(corrections: $corrections) { movement { effectiveOn } } }`;
    expect(await told(books, both, { corrections })).toEqual({
      correctMovements: [{ movement: { effectiveOn: "2025-04-01" } }, { movement: { effectiveOn: "2025-05-01" } }],
    });
    expect((await west()).map(([on, type]) => [on, type])).toEqual([
      ["2025-04-01", "NEW"],
      ["2025-05-01", "EXPANSION"],
      ["2025-06-01", "CONTRACTION"],
    ]);
  });
});

describe("a withdrawn movement", () => {
  it("counts no longer, stays readable, and cannot be sent again", async () => {
    const { correctMovement } = await told(books, correct, { id: await idOf("W3"), withdraw: true, note: "never was" });
    expect(correctMovement).toEqual({
      reversal: { amount: "200.00", note: "never was", effectiveOn: "2025-06-01", reverses: { externalId: "W3" } },
      movement: null,
    });
    expect(await west()).toHaveLength(2);
    expect(await send(fewer)).toMatchObject({ outcome: "REFUSED", faultCounts: { MOVEMENT_ALREADY_RECORDED: 1 } });
    const again = await refusalOf(books, correct, { id: await idOf("W3", "ALL"), withdraw: true });
    expect(again).toMatchObject({ code: "BAD_USER_INPUT", field: "movementId", message: /taken back already/ });
  });
});

describe("a correction is refused", () => {
  const refused = async (variables: Record<string, unknown>) => {
    const { code, field, message } = await refusalOf(books, correct, variables);
    expect(await hash()).toBe(before);
    return [code, field, message];
  };
  let before: string;
  beforeEach(async () => {
    before = await hash();
  });

  it.each([
    [
      "of another type than the day has",
      { type: "CHURN", amount: "-100.00" },
      "change.type",
      /expected EXPANSION or CONTRACTION/,
    ],
    ["of a balance below 0", { amount: "-1600.00" }, "change.amount", /would be -100.00 USD at the end of 2025-06-01/],
    ["of a sign that is not the type's", { amount: "200.00" }, "change.amount", /./],
    ["without a driver", { driver: null }, "change.driver", /./],
    ["of another currency's decimals", { currency: "JPY" }, "change.amount", /./],
    ["of an unknown product", { product: "none" }, "change.product", /no product 'none'/],
    ["of another product's plan", { plan: "reports-one" }, "change.plan", /belongs to another product/],
    ["of nothing", {}, "change", /what is recorded already/],
    ["of what is recorded", { amount: "-200.00", driver: "SEAT" }, "change", /what is recorded already/],
  ])("when it is one %s", async (_, change, field, message) => {
    expect(await refused({ id: await idOf("W3"), change })).toEqual([
      "BAD_USER_INPUT",
      field,
      expect.stringMatching(message),
    ]);
  });

  it("when it takes away what later movements stand on", async () => {
    expect(await refused({ id: await idOf("W1"), withdraw: true })).toEqual([
      "BAD_USER_INPUT",
      "movementId",
      expect.stringMatching(/recorded movements on 2025-03-01 would break a rule.*first ARR/),
    ]);
  });

  it("when the movement is derived, a reversal, or unknown, and when it is not said what is to be", async () => {
    const { movements } = await told<{ movements: { nodes: { id: string }[] } }>(
      books,
      `{ movements(filter: { accountExternalIds: ["north"] }) { nodes { id } } }`,
    );
    const id = movements.nodes[0]?.id;
    expect(await refused({ id, withdraw: true })).toEqual([
      "BAD_USER_INPUT",
      "movementId",
      expect.stringMatching(/derived/),
    ]);
    const unknown = await refused({ id: "mov_01h455vb4pex5vsknk084sn02q", withdraw: true });
    expect(unknown).toEqual(["NOT_FOUND", null, expect.stringMatching(/no movement mov_/)]);
    for (const words of [{}, { withdraw: true, change: { amount: "1.00" } }, { withdraw: false }]) {
      expect((await refused({ id: await idOf("W3"), ...words })).slice(0, 2)).toEqual(["BAD_USER_INPUT", "change"]);
    }
  });

  it("when it is about a closed period, on the old day or on the new one", async () => {
    await told(books, `mutation { closePeriod(fromOn: "2025-03-01", untilOn: "2025-04-01") { id } }`);
    before = await hash();
    const day = ["PERIOD_CLOSED", null, expect.stringMatching(/2025-03-01.*closed period 2025-03-01 to 2025-03-31/)];
    expect(await refused({ id: await idOf("W2"), change: { effectiveOn: "2025-04-15" } })).toEqual(day);
    expect((await refused({ id: await idOf("W3"), change: { effectiveOn: "2025-03-31" } })).slice(0, 1)).toEqual([
      "PERIOD_CLOSED",
    ]);
    await told(books, correct, { id: await idOf("W3"), change: { effectiveOn: "2025-04-01" } });
  });
});
