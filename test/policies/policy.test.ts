// The policy: what is resolved over what, which keys can be set, and what is echoed of knowledge and preset.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import { builtInPolicy, policyKeys, type SettablePolicy, settableKeys } from "@accrete/db/policies/policy.ts";
import { presets } from "@accrete/db/policies/presets.ts";
import { type PolicyLayers, resolvePolicy } from "@accrete/db/policies/resolve.ts";
import { expect, test } from "vitest";

const over = (layers: Partial<PolicyLayers>) => resolvePolicy({ workspaceDefault: {}, ...layers });

function refusal(layers: Partial<PolicyLayers>): { code: string; field: string | null } {
  try {
    over(layers);
  } catch (error) {
    if (error instanceof AccreteError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error("the policy was taken");
}

/** Keys as they may arrive from a program that is not typed. */
const untyped = (keys: Record<string, unknown>) => keys as Partial<SettablePolicy>;

test("a question that sets nothing gets every key with its built-in value, the first of its values", () => {
  const policy = over({});
  expect(policy).toEqual(builtInPolicy);
  for (const [key, [first]] of Object.entries(policyKeys)) expect(policy).toHaveProperty(key, first);
  expect(policy).toMatchObject({ reactivationWindowDays: null, asOf: null, preset: null });
});

test("every key and every value of it can be set", () => {
  expect(settableKeys).toEqual([
    "method",
    "accountLevel",
    "hierarchyAt",
    "priceIncrease",
    "discountChange",
    "reactivation",
    "reactivationWindowDays",
    "usage",
    "segmentAt",
    "netting",
    "currency",
  ]);
  for (const [key, values] of Object.entries(policyKeys)) {
    for (const value of values) expect(over({ asked: untyped({ [key]: value }) })).toHaveProperty(key, value);
  }
  for (const days of [0, 90, 36_500, null]) {
    expect(over({ asked: { reactivationWindowDays: days } }).reactivationWindowDays).toBe(days);
  }
});

test("built-in keys stand under the workspace's, those under the named policy's, and all under the question's", () => {
  const policy = over({
    workspaceDefault: { method: "SNAPSHOT", netting: "DAY", usage: "EXCLUDE" },
    named: { netting: "MONTH", usage: "COMMITTED" },
    asked: { usage: "BILLED_RECURRING" },
  });
  expect(policy).toEqual({ ...builtInPolicy, method: "SNAPSHOT", netting: "MONTH", usage: "BILLED_RECURRING" });
});

test("a key that is undefined, or null where null is no value, is not set; a window of null is: no limit", () => {
  const workspaceDefault = { method: "SNAPSHOT", reactivationWindowDays: 90 };
  expect(over({ workspaceDefault, asked: untyped({ method: null, netting: undefined }) })).toMatchObject({
    method: "SNAPSHOT",
    netting: "NONE",
    reactivationWindowDays: 90,
  });
  expect(over({ workspaceDefault, asked: { reactivationWindowDays: null } }).reactivationWindowDays).toBeNull();
});

test("a key that cannot be set and a value that a key does not have are refused, naming them", () => {
  const refused = (key: string, value: unknown) => refusal({ asked: untyped({ [key]: value }) });
  for (const [key, value] of [
    ["mehtod", "EVENT"],
    ["method", "event"],
    ["asOf", "7"],
    ["toString", "EVENT"],
    ["reactivationWindowDays", -1],
    ["reactivationWindowDays", 36_501],
    ["reactivationWindowDays", 1.5],
    ["reactivationWindowDays", "90"],
  ] as const) {
    expect(refused(key, value)).toEqual({ code: "BAD_USER_INPUT", field: `policy.${key}` });
  }
  expect(refusal({ workspaceDefault: { netting: "WEEK" } })).toEqual({
    code: "BAD_USER_INPUT",
    field: "defaultPolicy.netting",
  });
});

test("the preset that is echoed is the one whose keys came out, however they were set", () => {
  expect(over({ named: presets.GITLAB }).preset).toBe("GITLAB");
  expect(over({ asked: { netting: "MONTH" } }).preset).toBe("DBT_MRR_PLAYBOOK");
  expect(over({ named: presets.GITLAB, asked: { netting: "NONE" } }).preset).toBeNull();
  expect(over({ named: presets.MAXIO_90D, asked: { reactivationWindowDays: null } }).preset).toBe("STRIPE");
  expect(over({ workspaceDefault: { method: "SNAPSHOT" }, named: presets.CHARTMOGUL }).preset).toBe("CHARTMOGUL");
});

test("whose knowledge answered is echoed: a version by its digits, an instant in UTC, one text for one moment", () => {
  const echoed = (at: string) => over({ asOf: { at } }).asOf;
  expect(over({ asOf: { ledgerVersion: 42n } }).asOf).toBe("42");
  expect(echoed("2025-12-31T23:00:00Z")).toBe("2025-12-31T23:00:00Z");
  expect(echoed("2026-01-01T00:00:00+01:00")).toBe("2025-12-31T23:00:00Z");
  expect(echoed("2025-12-31 23:00:00.000000+00:00")).toBe("2025-12-31T23:00:00Z");
  expect(echoed("2025-12-31T23:00:00.1234567Z")).toBe("2025-12-31T23:00:00.123456Z");
  for (const at of ["yesterday", "2025-12-31", "2025-13-01T00:00:00Z", "2025-12-31T23:00:00"]) {
    expect(refusal({ asOf: { at } })).toEqual({ code: "BAD_USER_INPUT", field: "asOf" });
  }
});
