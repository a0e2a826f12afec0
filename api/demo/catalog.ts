// What the demo's vendor sells: four product families, their plans by rank, and a price book for each year.

import type { BillingInterval, LineKind } from "@accrete/db/contracts/terms.ts";

/** List price per unit and month in cents, by year. */
type PriceBook = Readonly<Record<2023 | 2024 | 2025, bigint>>;
export type PriceYear = keyof PriceBook;

export type DemoPlan = {
  readonly id: string;
  readonly name: string;
  readonly rank: number | null;
  readonly prices: PriceBook;
};

export type DemoProduct = {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly isAddOn: boolean;
  readonly kind: LineKind;
  readonly plans: readonly DemoPlan[];
};

const book = (in2023: bigint, in2024: bigint, in2025: bigint): PriceBook => ({
  2023: in2023,
  2024: in2024,
  2025: in2025,
});

export const demoProducts: readonly DemoProduct[] = [
  {
    id: "planner",
    name: "Planner",
    family: "Planning",
    isAddOn: false,
    kind: "RECURRING",
    plans: [
      { id: "planner-starter", name: "Planner Starter", rank: 1, prices: book(1400n, 1500n, 1600n) },
      { id: "planner-team", name: "Planner Team", rank: 2, prices: book(2600n, 2700n, 2900n) },
      { id: "planner-business", name: "Planner Business", rank: 3, prices: book(4500n, 4700n, 4900n) },
      { id: "planner-enterprise", name: "Planner Enterprise", rank: 4, prices: book(7200n, 7500n, 7900n) },
    ],
  },
  {
    id: "planner-assist",
    name: "Planner Assist",
    family: "Planning",
    isAddOn: true,
    kind: "RECURRING",
    plans: [{ id: "planner-assist", name: "Planner Assist", rank: null, prices: book(800n, 900n, 1000n) }],
  },
  {
    id: "planner-audit",
    name: "Audit & Access",
    family: "Planning",
    isAddOn: true,
    kind: "RECURRING",
    plans: [
      { id: "planner-audit", name: "Audit & Access", rank: 1, prices: book(4500n, 4900n, 4900n) },
      { id: "planner-audit-plus", name: "Audit & Access Plus", rank: 2, prices: book(19900n, 20900n, 21900n) },
    ],
  },
  {
    id: "insights",
    name: "Insights",
    family: "Analytics",
    isAddOn: false,
    kind: "RECURRING",
    plans: [
      { id: "insights-core", name: "Insights Core", rank: 1, prices: book(8900n, 9500n, 9900n) },
      { id: "insights-pro", name: "Insights Pro", rank: 2, prices: book(36900n, 38900n, 39900n) },
      { id: "insights-scale", name: "Insights Scale", rank: 3, prices: book(139000n, 145000n, 149000n) },
    ],
  },
  {
    id: "insights-forecast",
    name: "Forecasting",
    family: "Analytics",
    isAddOn: true,
    kind: "RECURRING",
    plans: [{ id: "insights-forecast", name: "Forecasting", rank: null, prices: book(12900n, 13900n, 14900n) }],
  },
  {
    id: "flows",
    name: "Flows",
    family: "Automation",
    isAddOn: false,
    kind: "RECURRING",
    plans: [
      { id: "flows-standard", name: "Flows Standard", rank: 1, prices: book(1700n, 1800n, 1900n) },
      { id: "flows-scale", name: "Flows Scale", rank: 2, prices: book(3000n, 3200n, 3400n) },
    ],
  },
  {
    id: "flows-connectors",
    name: "Connector Pack",
    family: "Automation",
    isAddOn: true,
    kind: "RECURRING",
    plans: [{ id: "flows-connectors", name: "Connector Pack", rank: null, prices: book(3900n, 4200n, 4500n) }],
  },
  {
    id: "runs",
    name: "Committed Runs (thousands)",
    family: "Automation",
    isAddOn: false,
    kind: "COMMITMENT",
    plans: [{ id: "runs-committed", name: "Committed Runs", rank: null, prices: book(180n, 180n, 180n) }],
  },
  {
    id: "runs-beyond",
    name: "Runs beyond Commitment (thousands)",
    family: "Automation",
    isAddOn: false,
    kind: "METERED",
    plans: [{ id: "runs-beyond", name: "Runs beyond Commitment", rank: null, prices: book(220n, 220n, 220n) }],
  },
  {
    id: "care",
    name: "Care",
    family: "Services",
    isAddOn: false,
    kind: "RECURRING",
    plans: [
      { id: "care-standard", name: "Care Standard", rank: 1, prices: book(22000n, 23500n, 25000n) },
      { id: "care-premier", name: "Care Premier", rank: 2, prices: book(98000n, 105000n, 110000n) },
    ],
  },
];

const products = new Map(demoProducts.flatMap((product) => product.plans.map((plan) => [plan.id, product] as const)));
const plans = new Map(demoProducts.flatMap((product) => product.plans.map((plan) => [plan.id, plan] as const)));

/** The product that a plan belongs to. */
export function productOf(planId: string): DemoProduct {
  const product = products.get(planId);
  if (!product) throw new RangeError(`no plan ${planId}`);
  return product;
}

/** The next plan up (`1`) or down (`-1`) in the same product; null at the end. */
export function neighbourPlan(planId: string, step: 1 | -1): string | null {
  const siblings = productOf(planId).plans;
  return siblings[siblings.findIndex((plan) => plan.id === planId) + step]?.id ?? null;
}

/** A month is sold at the list price, a quarter at three of them, a year at eleven. */
const monthsCharged: Readonly<Partial<Record<BillingInterval, bigint>>> = { MONTH: 1n, QUARTER: 3n, YEAR: 11n };

/** The list price per unit and billing period, in cents. */
export function listPriceMinor(planId: string, year: PriceYear, interval: BillingInterval): bigint {
  const price = plans.get(planId)?.prices[year];
  const months = monthsCharged[interval];
  if (price === undefined || months === undefined) throw new RangeError(`no price of ${planId} per ${interval}`);
  return price * months;
}
