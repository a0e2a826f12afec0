// One account told by hand, with nearly everything that can happen to a customer: `acme`.

import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import type { DemoAccount } from "./cast.ts";
import type { DemoLine, LineTerms, LineVersion, Motion } from "./lines.ts";

/** What acme's lines change by in the last quarter, in cents of ARR: the rest of its band makes up the difference to the whole. */
export const acmeInQuarter = { seatMinor: 646_800n, tierMinor: 0n, addOnMinor: 235_200n, contractionMinor: 178_800n };

/** Mid-Market when the last quarter opens. */
export function tellAcme(): DemoAccount {
  return {
    id: "acme",
    name: "Acme Corporation",
    band: "Mid-Market",
    startOn: "2023-02-01",
    facts: [
      {
        fromOn: null,
        parentId: null,
        channel: "Direct",
        region: "North America",
        industry: "Manufacturing",
        owner: "Dana Whitfield",
        country: "United States",
        employees: "201-1000",
      },
      {
        fromOn: "2024-07-01",
        parentId: null,
        channel: "Direct",
        region: "North America",
        industry: "Manufacturing",
        owner: "Priya Raman",
        country: "United States",
        employees: "201-1000",
      },
    ],
    lines: [planner(), assist(), insights(), forecasting(), committedRuns(), audit()],
  };
}

const monthly = { interval: "MONTH", discountPercent: 0, discountMinor: 0n } as const;

type Told = Partial<LineTerms> & {
  readonly on: PlainDate;
  readonly by: Motion;
  readonly signedOn?: PlainDate;
  readonly campaign?: string;
};

/** A line from its first terms and what changed since. */
function line(
  id: string,
  contractId: string,
  first: LineTerms,
  story: readonly Told[],
  untilOn: PlainDate | null = null,
): DemoLine {
  const versions: LineVersion[] = [];
  let terms = first;
  for (const { on, by, signedOn, campaign, ...changed } of story) {
    terms = { ...terms, ...changed };
    versions.push({ ...terms, fromOn: on, motion: by, campaign: campaign ?? null, bookedOn: signedOn ?? on });
  }
  return { id, contractId, versions, untilOn };
}

function planner(): DemoLine {
  const first = { ...monthly, planId: "planner-team", quantity: 42, unitPriceMinor: 2600n, discountPercent: 15 };
  return line("acme-planner", "C-2023-acme", first, [
    // NEW
    { on: "2023-02-01", by: "sales-led", signedOn: "2023-01-19" },
    // SEAT
    { on: "2023-08-15", by: "product-led", quantity: 55 },
    // DISCOUNT: the first year's 15 % ends; PRICE: the renewal follows the price book
    { on: "2024-02-01", by: "success-led", signedOn: "2024-01-22", discountPercent: 0, unitPriceMinor: 2700n },
    // TIER
    { on: "2024-06-01", by: "success-led", signedOn: "2024-05-21", planId: "planner-business", unitPriceMinor: 4700n },
    // SEAT, downwards: a team was let go
    { on: "2025-01-15", by: "success-led", signedOn: "2025-01-10", quantity: 50 },
    // PRICE
    { on: "2025-02-01", by: "success-led", signedOn: "2025-01-24", unitPriceMinor: 4900n },
    // SEAT: 11 × 49.00 × 12 = 6,468 a year
    { on: "2025-10-14", by: "product-led", quantity: 61 },
  ]);
}

function assist(): DemoLine {
  const first = { ...monthly, planId: "planner-assist", quantity: 30, unitPriceMinor: 900n };
  return line("acme-planner-assist", "C-2024-acme", first, [
    // ADD_ON
    { on: "2024-09-10", by: "marketing", campaign: "autumn-2024" },
    // SEAT of an add-on line
    { on: "2025-04-01", by: "product-led", quantity: 40 },
  ]);
}

function insights(): DemoLine {
  const first = { ...monthly, planId: "insights-pro", quantity: 1, unitPriceMinor: 39900n, discountMinor: 5000n };
  return line("acme-insights", "C-2025-acme", first, [
    // CROSS_SELL: a family that acme did not hold, at 50.00 a month off
    { on: "2025-05-01", by: "sales-led", signedOn: "2025-04-16" },
    // DISCOUNT: the 50.00 end
    { on: "2025-08-01", by: "sales-led", signedOn: "2025-04-16", discountMinor: 0n },
  ]);
}

function forecasting(): DemoLine {
  const first = { ...monthly, planId: "insights-forecast", quantity: 1, unitPriceMinor: 14900n };
  // ADD_ON in June, given up in November: 149.00 × 12 = 1,788 a year
  return line("acme-forecasting", "C-2025-acme", first, [{ on: "2025-06-01", by: "product-led" }], "2025-11-20");
}

function committedRuns(): DemoLine {
  const first = { ...monthly, planId: "runs-committed", quantity: 400, unitPriceMinor: 180n };
  return line("acme-runs", "C-2025-acme", first, [
    // USAGE_COMMITMENT, begun and raised
    { on: "2025-03-01", by: "sales-led", signedOn: "2025-02-20" },
    { on: "2025-09-01", by: "success-led", signedOn: "2025-08-25", quantity: 500 },
  ]);
}

function audit(): DemoLine {
  const first = { ...monthly, planId: "planner-audit", quantity: 4, unitPriceMinor: 4900n };
  // ADD_ON: 4 × 49.00 × 12 = 2,352 a year
  return line("acme-audit", "C-2025-acme", first, [{ on: "2025-12-03", by: "product-led" }]);
}
