// What was recorded wrongly is corrected by appending: the past is answered anew, and the ledger still shows what it once said.

import { InputError, quarter } from "@accrete/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Company, catalog, company, lineColumns } from "./company.ts";

let books: Company;

const line = (id: string, account: string, from: string, until: string, seats: number, price: number) =>
  `${id},C-${account},${account},planner,starter,false,${from},${until},${seats},${price},,MONTH,USD`;

beforeAll(async () => {
  books = await company();
  await books.send("catalog", ...catalog);
  await books.send("accounts", "account_id,name", "north,North", "south,South");
  const sent = await books.send(
    "contract-lines",
    lineColumns,
    line("N1", "north", "2025-01-01", "2025-04-01", 10, 10),
    line("N1", "north", "2025-04-01", "", 30, 10),
    line("S1", "south", "2025-01-01", "", 5, 10),
  );
  expect(sent).toMatchObject({ status: 200, rowsChanged: 3, rowsRefused: 0 });
});

afterAll(() => books?.close());

describe("a correction", () => {
  it("changes nothing when the same file comes twice", async () => {
    const before = await books.accrete.workspace.get();
    const again = await books.send("contract-lines", lineColumns, line("N1", "north", "2025-04-01", "", 30, 10));
    expect(again).toMatchObject({ status: 200, rowsChanged: 0, rowsUnchanged: 1, movementsAppended: 0 });
    expect((await books.accrete.workspace.get()).ledgerVersion).toBe(before.ledgerVersion);
  });

  it("takes back what no longer holds and appends what does, and touches no other account", async () => {
    expect(await books.ledgerOf("north")).toEqual(["2025-01-01 NEW 1200.00", "2025-04-01 EXPANSION SEAT 2400.00"]);
    const before = await books.accrete.workspace.get();
    // They were 20 seats, not 30.
    const corrected = await books.send("contract-lines", lineColumns, line("N1", "north", "2025-04-01", "", 20, 10));
    expect(corrected).toMatchObject({ status: 200, rowsChanged: 1, movementsAppended: 1, movementsReversed: 1 });
    expect(await books.ledgerOf("north")).toEqual(["2025-01-01 NEW 1200.00", "2025-04-01 EXPANSION SEAT 1200.00"]);
    expect((await books.ledgerOf("north", "ALL")).toSorted()).toEqual([
      "2025-01-01 NEW 1200.00",
      "2025-04-01 EXPANSION SEAT -2400.00 (taken back)",
      "2025-04-01 EXPANSION SEAT 1200.00",
      "2025-04-01 EXPANSION SEAT 2400.00",
    ]);
    expect(await books.ledgerOf("south", "ALL")).toEqual(["2025-01-01 NEW 600.00"]);
    const after = await books.accrete.workspace.get();
    expect(BigInt(after.ledgerVersion)).toBeGreaterThan(BigInt(before.ledgerVersion));
    const q2 = await books.accrete.metrics.expansion({ window: quarter("2025-Q2") });
    expect(q2.total).toMatchObject({
      openingArr: "1800.00",
      expansionArr: "1200.00",
      closingArr: "3000.00",
      movementCount: 1,
    });
    expect(q2.ledgerVersion).toBe(after.ledgerVersion);
  });

  it("is refused as a whole when one of its rows is wrong, and says which", async () => {
    const before = await books.accrete.workspace.get();
    const refused = await books.send(
      "contract-lines",
      lineColumns,
      line("S1", "south", "2025-01-01", "", 50, 10),
      line("X1", "nobody", "2025-01-01", "", 5, 10),
      line("S2", "south", "2025-02-30", "", 5, 10),
    );
    expect(refused.status).toBe(422);
    expect(refused.faults.map(({ row, field }) => [row, field])).toEqual([
      [2, "account_id"],
      [3, "from_on"],
    ]);
    expect(await books.ledgerOf("south")).toEqual(["2025-01-01 NEW 600.00"]);
    expect((await books.accrete.workspace.get()).ledgerVersion).toBe(before.ledgerVersion);
  });
});

describe("a wrong question", () => {
  it("is answered by an InputError that names the field, and never by a number", async () => {
    const reversed = books.accrete.metrics.expansion({ window: { fromOn: "2025-07-01", untilOn: "2025-04-01" } });
    await expect(reversed).rejects.toBeInstanceOf(InputError);
    await expect(reversed).rejects.toMatchObject({
      code: "BAD_USER_INPUT",
      field: expect.stringContaining("window"),
      retryable: false,
    });
    const many = books.accrete.metrics.expansion({
      window: { fromOn: "2020-01-01", untilOn: "2025-01-01" },
      grain: "DAY",
    });
    await expect(many).rejects.toMatchObject({ name: "InputError", code: "TOO_COMPLEX" });
    const cursor = books.accrete.movements.list({}, { after: "not a cursor" });
    await expect(cursor).rejects.toMatchObject({ name: "InputError", code: "BAD_USER_INPUT", field: "after" });
    const size = books.accrete.accounts.list({}, { first: 100_000 });
    await expect(size).rejects.toMatchObject({ name: "InputError", field: "first" });
    const id = books.accrete.accounts.get({ id: "mov_01h455vb4pex5vsknk084sn02q" });
    await expect(id).rejects.toMatchObject({ name: "InputError" });
    await expect(books.accrete.accounts.get({ externalId: "nobody" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
