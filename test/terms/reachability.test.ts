// Everything that can be asked for and answered stands in an example of the docs that a test runs: published classifiers exist that
// cannot reach some of their own classes, and a policy's value that no example shows is one that nobody has looked at.

import { policyKeys } from "@accrete/db/policies/policy.ts";
import { presets } from "@accrete/db/policies/presets.ts";
import { expect, it } from "vitest";
import { files, textOf } from "../house/tree.ts";

const examples = files
  .filter((path) => /^docs\/(terms|presets)\/[\w-]+\.md$/.test(path))
  .flatMap((path) => [...textOf(path).matchAll(/^```graphql\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text));

const asked = (key: string) =>
  new Set(
    examples.flatMap((text) => [...text.matchAll(new RegExp(`\\b${key}: (\\w+)`, "g"))].map(([, value]) => value)),
  );

it.each(Object.entries(policyKeys))("every value of the policy key %s is asked in an example", (key, values) => {
  expect(values.filter((value) => !asked(key).has(value))).toEqual([]);
});

it("a window of days, and the knowledge of an earlier version, are asked in an example", () => {
  expect(asked("reactivationWindowDays").size).toBeGreaterThan(0);
  expect(examples.filter((text) => text.includes("asOf: { ledgerVersion:")).length).toBeGreaterThan(0);
});

it.each(Object.keys(presets))("the preset %s is asked in an example", (preset) => {
  expect([...asked("preset")]).toContain(preset);
});
