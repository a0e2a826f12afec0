// What the resources send: the caller's words where the schema takes them, and nothing invented.

import { AccreteError, quarter } from "@accrete/sdk";
import { describe, expect, it } from "vitest";
import { refusal, withStub } from "./stub.ts";

const window = quarter("2025-Q4");
const empty = { body: { data: { expansionMetrics: null, account: null, workspace: null, setPolicy: null } } };

describe("a question of the metrics", () => {
  it("carries asOf in its policy, beside the keys that are set", () =>
    withStub([empty], async ({ client, asked }) => {
      const asOf = { ledgerVersion: "7" };
      await client().metrics.expansion({ window, policy: { method: "SNAPSHOT", reactivationWindowDays: null }, asOf });
      expect(asked[0]?.body.variables).toEqual({
        window,
        policy: { method: "SNAPSHOT", reactivationWindowDays: null, asOf },
      });
    }));

  it("sends no policy where none is set, and a key that is left out stays out", () =>
    withStub([empty], async ({ client, asked }) => {
      await client().metrics.expansion({ window });
      await client().metrics.expansion({ window, policy: { preset: "STRIPE" } });
      expect(asked.map(({ body }) => body.variables)).toEqual([{ window }, { window, policy: { preset: "STRIPE" } }]);
    }));
});

describe("a look-up", () => {
  it("asks as of an instant where it is told to, and else of the newest knowledge", () =>
    withStub([empty], async ({ client, asked }) => {
      const by = { externalId: "acme" };
      await client().accounts.find(by, { on: "2025-12-31", asOf: { at: "2026-01-08T00:00:00Z" } });
      await client().accounts.find(by);
      expect(asked.map(({ body }) => body.variables)).toEqual([
        { by, on: "2025-12-31", asOf: { at: "2026-01-08T00:00:00Z" } },
        { by, on: null, asOf: null },
      ]);
    }));
});

describe("a write", () => {
  it.each([
    [
      "an answer that says to come again",
      { status: 503, headers: { "retry-after": "0" }, body: refusal("UNAVAILABLE", { retryable: true }) },
    ],
    ["a conflict", { status: 409, body: refusal("CONFLICT", { retryable: true }) }],
  ])("is sent once, also after %s: whoever sent it decides", (_name, answer) =>
    withStub([answer, empty], async ({ client, asked, delaysMs }) => {
      const error = await client()
        .policies.setDefault({ netting: "DAY" })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AccreteError);
      expect(error).toMatchObject({ retryable: true });
      expect([asked.length, delaysMs.length]).toEqual([1, 0]);
    }),
  );

  it("is sent once, also when the connection breaks before the answer", () =>
    withStub([(response) => response.destroy(), empty], async ({ client, asked }) => {
      await expect(client().policies.save("board", { netting: "DAY" })).rejects.toMatchObject({
        code: "CONNECTION_FAILED",
      });
      expect(asked.map(({ body }) => body.variables)).toEqual([{ name: "board", policy: { netting: "DAY" } }]);
    }));
});
