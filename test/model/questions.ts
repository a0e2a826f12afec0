// Random metrics questions for fast-check: windows that begin and end on the days of the histories, several dimensions, filters and policies.

import { type Dimension, dimensions, grains } from "@accrete/db/metrics/question.ts";
import { drivers, movementTypes } from "@accrete/db/movements/types.ts";
import { builtInPolicy, type PolicyKey, policyKeys } from "@accrete/db/policies/policy.ts";
import fc from "fast-check";
import { dayOf } from "./calendar.ts";
import type { Company } from "./companies.ts";
import { someDay } from "./histories.ts";
import type { ModelFilter, ModelPolicy, ModelQuestion } from "./question.ts";

/** Few enough periods for every grain: at most 400 of them. */
const windowDaysMax = 400;

const someWindow = fc
  .oneof(
    { weight: 3, arbitrary: fc.uniqueArray(someDay, { minLength: 2, maxLength: 2 }) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(
          ["2024-01-02", "2025-01-02"],
          ["2024-01-01", "2024-04-01"],
          ["2024-02-01", "2024-03-01"],
          ["2023-12-15", "2024-12-31"],
          ["2024-01-01", "2025-01-01"],
        )
        .map((days) => days.map(dayOf)),
    },
  )
  .map((days) => {
    const [from = 0, until = 1] = [...days].sort((a, b) => a - b);
    return { from, until: Math.min(until, from + windowDaysMax) };
  });

const someDimensions: fc.Arbitrary<Dimension[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Dimension[]>([]) },
  { weight: 3, arbitrary: fc.constantFrom(...dimensions).map((dimension) => [dimension]) },
  { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom(...dimensions), { minLength: 2, maxLength: 4 }) },
);

/** A list of values, now and then empty. */
function some<T>(...values: T[]): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 0, maxLength: 2 });
}

const none = fc.constant<ModelFilter>({});

function someFilter(company: Company): fc.Arbitrary<ModelFilter> {
  const merged = new Set(company.merges.map(({ from }) => from));
  const accounts = [...new Set(company.accounts.map(({ accountId }) => accountId))].filter((id) => !merged.has(id));
  const planIds = company.plans.map((plan) => plan.planId);
  const productIds = [...new Set(company.plans.map((plan) => plan.productId))];
  const conditions: fc.Arbitrary<ModelFilter>[] = [
    some("SMB", "Mid-Market", "Enterprise").map((segment) => ({ segment })),
    some(null, "direct", "partner").map((channel) => ({ channel })),
    some(null, "EU", "US").map((region) => ({ region })),
    some(null, "retail").map((industry) => ({ industry })),
    some(null, "ann", "Bob").map((owner) => ({ owner })),
    some<string | null>(null, ...accounts).map((parent) => ({ parent })),
    some(...accounts, "nobody").map((account) => ({ account })),
    some(
      { name: "tier", value: "gold" },
      { name: "tier", value: null },
      { name: "size", value: "L" },
      { name: "size", value: null },
    ).map((attributes) => ({ attributes })),
    some(...productIds, "nothing").map((product) => ({ product })),
    some(...planIds).map((plan) => ({ plan })),
    some("USD", "EUR").map((currency) => ({ currency })),
    some(...movementTypes).map((type) => ({ type })),
    some(null, ...drivers).map((driver) => ({ driver })),
    some(null, "product-led").map((motion) => ({ motion })),
    some(null, "spring").map((campaign) => ({ campaign })),
  ];
  const someCondition = fc.oneof(...conditions);
  return fc.oneof(
    { weight: 6, arbitrary: none },
    { weight: 4, arbitrary: someCondition },
    { weight: 2, arbitrary: fc.tuple(someCondition, someCondition).map(([one, other]) => ({ ...one, ...other })) },
  );
}

const word = <K extends PolicyKey>(key: K) => fc.constantFrom(...policyKeys[key]) as fc.Arbitrary<ModelPolicy[K]>;
const mostly = <K extends PolicyKey>(key: K) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(builtInPolicy[key] as ModelPolicy[K]) },
    { weight: 1, arbitrary: word(key) },
  );

/** Every key and every value; most keys are mostly as they are built in, so that each is also met alone. */
export const somePolicy: fc.Arbitrary<ModelPolicy> = fc.record({
  method: mostly("method"),
  accountLevel: word("accountLevel"),
  hierarchyAt: word("hierarchyAt"),
  priceIncrease: mostly("priceIncrease"),
  discountChange: mostly("discountChange"),
  reactivation: word("reactivation"),
  reactivationWindowDays: fc.constantFrom(null, null, 0, 1, 31, 90, 200),
  usage: word("usage"),
  segmentAt: word("segmentAt"),
  netting: word("netting"),
  currency: word("currency"),
});

export function someQuestion(
  company: Company,
  policy: fc.Arbitrary<ModelPolicy> = somePolicy,
): fc.Arbitrary<ModelQuestion> {
  return fc
    .record({
      window: someWindow,
      grain: fc.constantFrom("WHOLE", "WHOLE", "WHOLE", "MONTH", "MONTH", "QUARTER", "QUARTER", ...grains),
      groupBy: someDimensions,
      groupByAttributes: fc.constantFrom<string[]>([], [], [], ["tier"], ["size", "tier"]),
      cohortGrain: fc.constantFrom("MONTH", "QUARTER", "YEAR"),
      filter: someFilter(company),
      policy,
      todayOn: someDay,
    } as const)
    .map(({ window, ...rest }) => ({ ...window, ...rest }));
}
