// POST /import/<kind>: who may, in what form, within which bounds, and what is answered.

import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";
import { rowCounts } from "./books.ts";
import { importSamples, rowsOf, sample } from "./rows.ts";

const bytesMax = 20_000;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ environment: { ACCRETE_IMPORT_BYTES_MAX: String(bytesMax) } });
  await importSamples(server);
});
afterAll(() => server.close());

type Sent = {
  readonly path: string;
  readonly body: string | ReadableStream<Uint8Array>;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

async function post({ path, body, key = server.keys.write, headers = {} }: Sent) {
  const options = {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${key}`, "content-type": "text/csv", ...headers },
    duplex: "half",
  };
  const response = await fetch(new URL(path, server.url), options);
  return { status: response.status, requestId: response.headers.get("x-request-id"), json: await response.json() };
}

describe("an import over HTTP", () => {
  it("answers with what it did, and with nothing changed the second time", async () => {
    const text = rowsOf("movements", { movement_id: "H-1", account_id: "vandelay" });
    const first = await post({ path: "/import/movements?fileName=crm/moves.csv", body: text });
    expect(first).toMatchObject({
      status: 200,
      json: { outcome: "BOOKED", rowsRead: 1, rowsChanged: 1, movementsAppended: 1, faults: [] },
    });
    expect(first.json.batchId).toMatch(/^imp_/);
    expect(first.json.requestId).toBe(first.requestId);
    const second = await post({ path: "/import/movements", body: text });
    expect(second.json).toMatchObject({ outcome: "UNCHANGED", batchId: null, ledgerVersion: first.json.ledgerVersion });
  });

  it("takes NDJSON", async () => {
    const headers = { "content-type": "application/x-ndjson; charset=utf-8" };
    const { status, json } = await post({ path: "/import/accounts", body: sample("accounts", "ndjson"), headers });
    expect([status, json.outcome]).toEqual([200, "UNCHANGED"]);
  });

  it("lists every fault under IMPORT_INVALID, and writes nothing", async () => {
    const before = await rowCounts(server);
    const { status, json } = await post({
      path: "/import/contract-lines",
      body: rowsOf("contract-lines", { unit_price: "$5", account_id: "nobody" }),
    });
    expect(status).toBe(422);
    expect(json.errors[0].extensions.code).toBe("IMPORT_INVALID");
    expect(json).toMatchObject({ outcome: "REFUSED", rowsRefused: 1, faultCounts: { NUMBER_WITH_CURRENCY: 1 } });
    expect(json.faults[0]).toEqual({
      row: 1,
      line: 2,
      field: "unit_price",
      code: "NUMBER_WITH_CURRENCY",
      message: "'$5' carries a currency: plain decimal expected.",
      fix: 'Send a plain decimal such as "1234.56". The currency has a column of its own.',
    });
    expect(await rowCounts(server)).toEqual(before);
  });

  it("keeps to dryRun, partial and createMissing", async () => {
    const before = await rowCounts(server);
    const text = rowsOf(
      "contract-lines",
      { line_id: "H-1", contract_id: "H", account_id: "made" },
      { line_id: "H-2", contract_id: "H", account_id: "made", quantity: "x" },
    );
    const path = "/import/contract-lines?partial=1&createMissing=true";
    const dry = await post({ path: `${path}&dryRun=1`, body: text });
    expect(dry).toMatchObject({ status: 200, json: { dryRun: true, rowsChanged: 1, rowsRefused: 1, batchId: null } });
    expect(await rowCounts(server)).toEqual(before);
    const wet = await post({ path, body: text });
    expect(wet).toMatchObject({
      status: 200,
      json: { dryRun: false, outcome: "BOOKED", rowsChanged: 1, rowsRefused: 1 },
    });
    expect(wet.json.faults).toHaveLength(1);
  });

  it.each([
    ["a key that may only read", "/import/accounts", {}, "read", 403, "FORBIDDEN"],
    ["a kind that is none", "/import/opportunities", {}, "write", 404, "NOT_FOUND"],
    ["JSON", "/import/accounts", { "content-type": "application/json" }, "write", 415, "UNSUPPORTED_MEDIA_TYPE"],
    [
      "Latin-1",
      "/import/accounts",
      { "content-type": "text/csv; charset=latin1" },
      "write",
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    ["a compressed body", "/import/accounts", { "content-encoding": "gzip" }, "write", 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["a choice that is neither 1 nor 0", "/import/accounts?dryRun=maybe", {}, "write", 400, "BAD_USER_INPUT"],
    ["a choice that there is not", "/import/accounts?dryrun=1", {}, "write", 400, "BAD_USER_INPUT"],
  ] as const)("refuses %s", async (_, path, headers, scope, status, code) => {
    const before = await rowCounts(server);
    const answer = await post({ path, headers, key: server.keys[scope], body: "account_id,name\nz,Z\n" });
    expect([answer.status, answer.json.errors[0].extensions.code]).toEqual([status, code]);
    expect(await rowCounts(server)).toEqual(before);
  });

  it("refuses a body over the bound, said at once or met on the way", async () => {
    const before = await rowCounts(server);
    const text = `account_id,name\n${"big,Big\n".repeat(bytesMax / 8)}`;
    const said = await post({ path: "/import/accounts", body: text });
    const met = await post({ path: "/import/accounts", body: new Blob([text]).stream() });
    for (const { status, json } of [said, met]) {
      expect(status).toBe(413);
      expect(json.errors[0].extensions.code).toBe("PAYLOAD_TOO_LARGE");
    }
    expect(await rowCounts(server)).toEqual(before);
  });

  it("waits for '100 Continue' to be answered, as curl does", async () => {
    const body = rowsOf("accounts", {});
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${server.keys.write}`,
        "content-type": "text/csv",
        "content-length": Buffer.byteLength(body),
        expect: "100-continue",
      };
      const sending = request(new URL("/import/accounts?dryRun=1", server.url), { method: "POST", headers });
      sending.once("continue", () => sending.end(body));
      sending.once("response", (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode));
      });
      sending.once("error", reject);
      sending.flushHeaders();
    });
    expect(answer).toBe(200);
  });

  it("writes nothing for a caller that hangs up, and goes on for the next one", async () => {
    const before = await rowCounts(server);
    const headers = { authorization: `Bearer ${server.keys.write}`, "content-type": "text/csv" };
    await new Promise<void>((resolve) => {
      const sending = request(new URL("/import/accounts", server.url), { method: "POST", headers });
      sending.on("error", () => resolve());
      sending.write("account_id,name\nhalf,Half\n", () => sending.destroy(new Error("hung up")));
    });
    expect(await post({ path: "/import/accounts?dryRun=1", body: "account_id,name\nhalf,Half\n" })).toMatchObject({
      json: { outcome: "BOOKED", rowsChanged: 1 },
    });
    expect(await rowCounts(server)).toEqual(before);
  });
});
