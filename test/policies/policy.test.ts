// The policy: what is resolved over what, which keys can be set, and a hash that depends on meaning alone.

import { createHash } from "node:crypto";
import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { builtInPolicy, policyHash, policyKeys, resolvePolicy } from "@accrete/db/policies/policy.ts";
import { expect, test } from "vitest";

function refusal(
  asked: object,
  workspaceDefault: Record<string, unknown> = {},
): { code: string; field: string | null } {
  try {
    resolvePolicy(asked, workspaceDefault);
  } catch (error) {
    if (error instanceof AccreteError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error("the policy was taken");
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("a question that sets nothing gets every key with its built-in value, the first of its values", () => {
  const policy = resolvePolicy({}, {});
  expect(policy).toEqual(builtInPolicy);
  for (const [key, [first]] of Object.entries(policyKeys)) expect(policy).toHaveProperty(key, first);
  expect(policy).toMatchObject({ reactivationWindowDays: null, asOf: null, preset: null });
});

test("the question's keys go over the workspace's, and those over the built-in ones", () => {
  const workspace = { method: "SNAPSHOT", netting: "DAY" };
  expect(resolvePolicy({ netting: "MONTH" }, workspace)).toEqual({
    ...builtInPolicy,
    method: "SNAPSHOT",
    netting: "MONTH",
  });
});

test("a key that cannot be set and a value that a key does not have are refused, naming them", () => {
  expect(refusal({ usage: "EXCLUDE" })).toEqual({ code: "BAD_USER_INPUT", field: "policy.usage" });
  expect(refusal({ mehtod: "EVENT" })).toEqual({ code: "BAD_USER_INPUT", field: "policy.mehtod" });
  expect(refusal({ method: "event" })).toEqual({ code: "BAD_USER_INPUT", field: "policy.method" });
  expect(refusal({}, { netting: "WEEK" })).toEqual({ code: "BAD_USER_INPUT", field: "defaultPolicy.netting" });
});

test("the hash is the SHA-256 of the keys that differ from the built-in ones, as JSON in the order of their names", () => {
  expect(policyHash(builtInPolicy)).toBe(sha256("{}"));
  expect(policyHash(resolvePolicy({ segmentAt: "CLOSING", method: "SNAPSHOT" }, {}))).toBe(
    sha256('{"method":"SNAPSHOT","segmentAt":"CLOSING"}'),
  );
});

test("equal meaning has an equal hash, whoever set the keys and whatever the preset is called", () => {
  const asked = resolvePolicy({ netting: "MONTH" }, {});
  const inherited = resolvePolicy({}, { netting: "MONTH", method: "EVENT" });
  expect(policyHash(inherited)).toBe(policyHash(asked));
  expect(policyHash({ ...asked, preset: "GITLAB" })).toBe(policyHash(asked));
  expect(policyHash(resolvePolicy({ netting: "DAY" }, {}))).not.toBe(policyHash(asked));
});
