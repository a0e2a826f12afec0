// The hash of a policy, held to written figures: it must stay what it is from release to release, for equal meaning.

import { createHash } from "node:crypto";
import {
  builtInPolicy,
  type Policy,
  policyHash,
  policyKeys,
  presetNames,
  type SettablePolicy,
  settableKeys,
} from "@accrete/db/policies/policy.ts";
import { presets } from "@accrete/db/policies/presets.ts";
import { type PolicyLayers, resolvePolicy } from "@accrete/db/policies/resolve.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const hashOf = (layers: Partial<PolicyLayers>) => policyHash(resolvePolicy({ workspaceDefault: {}, ...layers }));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The canonical text of each case, and what `sha256sum` makes of it. */
const golden: readonly (readonly [Partial<PolicyLayers>, string, string])[] = [
  [{}, "{}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"],
  [
    { asked: { method: "SNAPSHOT" } },
    '{"method":"SNAPSHOT"}',
    "b9682a044064ff5bff2fccb76f0746155145c96eb15bd3722a4f3243a21b38cb",
  ],
  [
    { asked: { reactivationWindowDays: 90 } },
    '{"reactivationWindowDays":90}',
    "71d9610db4cb364f6a74639122ea4a498ed292623f96e0ccfc44ddfdbe45b021",
  ],
  [
    { asOf: { ledgerVersion: 42n } },
    '{"asOf":"42"}',
    "5899f656a7cb51724e4fe80c178e3790dc1670664726e554c0e0ecb548626341",
  ],
  [
    { asOf: { at: "2026-01-01T00:00:00+01:00" } },
    '{"asOf":"2025-12-31T23:00:00Z"}',
    "8bff49f1c6318c346b624b142fe54fe6cfb1ed9b176919a6f54a364cc8ef298d",
  ],
  [
    {
      asked: {
        usage: "EXCLUDE",
        segmentAt: "CLOSING",
        reactivationWindowDays: 0,
        reactivation: "NEW",
        priceIncrease: "SEPARATE",
        netting: "DAY",
        method: "SNAPSHOT",
        hierarchyAt: "AS_OF_EVENT",
        discountChange: "SEPARATE",
        currency: "REPORTED",
        accountLevel: "ULTIMATE_PARENT",
      },
      asOf: { ledgerVersion: 7n },
    },
    '{"accountLevel":"ULTIMATE_PARENT","asOf":"7","currency":"REPORTED","discountChange":"SEPARATE","hierarchyAt":"AS_OF_EVENT","method":"SNAPSHOT","netting":"DAY","priceIncrease":"SEPARATE","reactivation":"NEW","reactivationWindowDays":0,"segmentAt":"CLOSING","usage":"EXCLUDE"}',
    "c64db938803243190455487e25a796c419dbe0910a5f27fad4d05a6a627d0f75",
  ],
];

test("the hash is the SHA-256 of the keys that differ from the built-in ones, as JSON in the order of their names", () => {
  for (const [layers, text, hash] of golden) {
    expect(hashOf(layers), text).toBe(hash);
    expect(sha256(text), text).toBe(hash);
  }
});

test("each preset has the hash that is written here", () => {
  expect(Object.fromEntries(presetNames.map((name) => [name, hashOf({ named: presets[name] })]))).toEqual({
    CHARTMOGUL: "c71439e39c4edbaca7e48c5557b7c4760310e0d0b2ce07dc3ffb6c6010477809",
    STRIPE: "e2e89556f8c24dec98d5126d805f750bc8b8d3ff2f48428f726e277b00b0eab5",
    MAXIO_90D: "13728290385e0989be4b8bee2fda46b1b6d8af53e90036d3ae47de3a13f6b398",
    GITLAB: "aef34b45bc49c3b443969ae15df72bd4fb7bd64c60009ef18ee8ca6820513df8",
    DBT_MRR_PLAYBOOK: "a6024da0e06d51f148809d71ea0bbe267222aa7f53c2fef1163d72a17284f9d3",
  });
});

test("equal meaning has an equal hash, whoever set the keys and in whatever order", () => {
  const asked = hashOf({ asked: { netting: "MONTH", method: "SNAPSHOT" } });
  expect(hashOf({ asked: { method: "SNAPSHOT", netting: "MONTH" } })).toBe(asked);
  expect(hashOf({ workspaceDefault: { netting: "MONTH", method: "SNAPSHOT", usage: "BILLED_RECURRING" } })).toBe(asked);
  expect(hashOf({ named: { netting: "MONTH" }, workspaceDefault: { method: "SNAPSHOT" } })).toBe(asked);
  expect(hashOf({ asked: { netting: "DAY", method: "SNAPSHOT" } })).not.toBe(asked);
});

test("a name changes no hash: neither a preset's nor a saved policy's", () => {
  const policy: Policy = { ...builtInPolicy, netting: "MONTH" };
  expect(policyHash({ ...policy, preset: "GITLAB" })).toBe(policyHash({ ...policy, preset: null }));
  expect(hashOf({ named: presets.DBT_MRR_PLAYBOOK })).toBe(hashOf({ asked: { netting: "MONTH" } }));
});

const anyKeys = fc.record(
  {
    ...Object.fromEntries(Object.entries(policyKeys).map(([key, values]) => [key, fc.constantFrom<string>(...values)])),
    reactivationWindowDays: fc.constantFrom(null, 0, 30, 90),
  },
  { requiredKeys: [] },
);

test("two policies have one hash exactly when every key has one value, in whichever layers it was set", () => {
  const layers = fc.record({ workspaceDefault: anyKeys, named: anyKeys, asked: anyKeys });
  fc.assert(
    fc.property(layers, layers, (one, other) => {
      const [a, b] = [one, other].map((drawn) => {
        const expected = { ...builtInPolicy, ...drawn.workspaceDefault, ...drawn.named, ...drawn.asked };
        const policy = resolvePolicy({ ...drawn, asked: drawn.asked as Partial<SettablePolicy> });
        for (const key of settableKeys) expect(policy[key]).toBe(expected[key]);
        return policy;
      });
      if (!a || !b) throw new Error("two were drawn");
      expect(policyHash(a) === policyHash(b)).toBe(settableKeys.every((key) => a[key] === b[key]));
      const keys = Object.fromEntries(settableKeys.map((key) => [key, a[key]]));
      expect(policyHash(resolvePolicy({ workspaceDefault: other.named, named: keys }))).toBe(policyHash(a));
    }),
    { numRuns: 300 },
  );
});
