// The demo as rows of the three import files: catalog, accounts and contract lines, in the columns of docs/ingestion.md.

import { addMonths, type PlainDate } from "@accrete/db/kernel/dates.ts";
import type { DemoAccount } from "./cast.ts";
import { demoProducts, productOf } from "./catalog.ts";
import { currency, type DemoLine, type LineVersion, priceTermsOf } from "./lines.ts";
import { tellDemo } from "./story.ts";

/** One row: what each column says; a blank cell is "". */
export type DemoRow = Readonly<Record<string, string>>;

/** The kinds of file that the demo consists of, in the order in which they are imported. */
export const demoKinds = ["catalog", "accounts", "contract-lines"] as const;
export type DemoKind = (typeof demoKinds)[number];

/** Every file's rows; the same at every call. */
export function demoRows(): Readonly<Record<DemoKind, readonly DemoRow[]>> {
  const accounts = tellDemo();
  return {
    catalog: demoProducts.flatMap((product) =>
      product.plans.map((plan) => ({
        product_id: product.id,
        product_name: product.name,
        family: product.family,
        plan_id: plan.id,
        plan_name: plan.name,
        rank: plan.rank === null ? "" : String(plan.rank),
      })),
    ),
    accounts: accounts.flatMap(accountRows),
    "contract-lines": accounts.flatMap((account) => account.lines.flatMap((line) => lineRows(account, line))),
  };
}

function accountRows(account: DemoAccount): DemoRow[] {
  return account.facts.map((facts) => ({
    account_id: account.id,
    name: account.name,
    parent_id: facts.parentId ?? "",
    channel: facts.channel,
    region: facts.region,
    industry: facts.industry,
    owner: facts.owner ?? "",
    effective_on: facts.fromOn ?? "",
    "attribute.country": facts.country,
    "attribute.employees": facts.employees,
  }));
}

function lineRows(account: DemoAccount, line: DemoLine): DemoRow[] {
  return line.versions.map((version, index) => {
    const product = productOf(version.planId);
    const terms = priceTermsOf(version);
    return {
      line_id: line.id,
      contract_id: line.contractId,
      account_id: account.id,
      product_id: product.id,
      plan_id: version.planId,
      kind: product.kind,
      is_add_on: String(product.isAddOn),
      from_on: version.fromOn,
      until_on: line.versions[index + 1]?.fromOn ?? line.untilOn ?? "",
      quantity: terms.quantity,
      unit_price: terms.unitPrice,
      discount_percent: terms.discountPercent ?? "",
      discount_amount: terms.discountAmount ?? "",
      billing_interval: terms.billingInterval,
      currency,
      term_ends_on: termEndsOn(line, version) ?? "",
      booked_on: version.bookedOn,
      motion: version.motion,
      campaign: version.campaign ?? "",
    };
  });
}

/** The next anniversary of a line that is paid by the year or the quarter; a monthly one has no term. */
function termEndsOn(line: DemoLine, version: LineVersion): PlainDate | null {
  const startOn = line.versions[0]?.fromOn;
  if (startOn === undefined || version.interval === "MONTH") return null;
  for (let years = 1; ; years += 1) {
    const on = addMonths(startOn, 12 * years);
    if (on > version.fromOn) return on;
  }
}
