// EVENT minus SNAPSHOT, account by account: each account's whole difference under the one cause that its story has.

import type { BridgeCause } from "@accrete/db/metrics/bridge-cause.ts";
import { type Books, unitsOf } from "./books.ts";
import { sumOf } from "./fraction.ts";
import { answer } from "./metrics.ts";
import type { ModelQuestion } from "./question.ts";
import type { ModelRow } from "./rows.ts";

export type BridgeFlows = {
  readonly new: bigint;
  readonly reactivation: bigint;
  readonly expansion: bigint;
  readonly contraction: bigint;
  readonly churned: bigint;
  readonly priceUplift: bigint;
  readonly discountChange: bigint;
};

const nothing: BridgeFlows = {
  new: 0n,
  reactivation: 0n,
  expansion: 0n,
  contraction: 0n,
  churned: 0n,
  priceUplift: 0n,
  discountChange: 0n,
};

function flowsOf(row: ModelRow | undefined): BridgeFlows {
  if (!row) return nothing;
  return {
    new: row.new,
    reactivation: row.reactivation,
    expansion: sumOf(Object.values(row.expansion)) + row.returned,
    contraction: sumOf(Object.values(row.contraction)),
    churned: row.churned,
    priceUplift: row.priceUplift,
    discountChange: row.discountChange,
  };
}

function causeOf(event: ModelRow | undefined): BridgeCause {
  if (!event) return "RE_PARENTING";
  const had = (event.opening ?? 0n) > 0n;
  const has = (event.closing ?? 0n) > 0n;
  const churns = event.churnedAccounts;
  const arrivals = event.newAccounts + event.reactivatedAccounts;
  if (has) {
    if (churns > 0) return "CHURN_AND_RETURN";
    if (had) return "ROUND_TRIPS";
    return arrivals > 0 ? "NEWCOMER_MOVES" : "RE_PARENTING";
  }
  if (!had) return arrivals > 0 ? "CAME_AND_WENT" : "RE_PARENTING";
  if (churns > 1) return "CHURN_AND_RETURN";
  return churns === 1 ? "CHANGE_BEFORE_CHURN" : "RE_PARENTING";
}

export type BridgeLines = ReadonlyMap<BridgeCause, { readonly accounts: number; readonly difference: BridgeFlows }>;

/** The bridge of a question's whole window and all accounts; null where a rate is missing. */
export function bridgeOf(books: Books, question: ModelQuestion): BridgeLines | null {
  const whole = { ...question, grain: "WHOLE", groupBy: ["ACCOUNT"], groupByAttributes: [], filter: {} } as const;
  const event = answer(books, { ...whole, policy: { ...question.policy, method: "EVENT" } });
  const snapshot = answer(books, { ...whole, policy: { ...question.policy, method: "SNAPSHOT" } });
  if (event.misses.length + snapshot.misses.length > 0) return null;
  const lines = new Map<BridgeCause, { accounts: number; difference: BridgeFlows }>();
  for (const unitId of unitsOf(books)) {
    const ofUnit = (row: ModelRow) => row.group[0] === unitId;
    const eventRow = event.rows.find(ofUnit);
    const difference = plus(flowsOf(eventRow), flowsOf(snapshot.rows.find(ofUnit)), -1n);
    if (Object.values(difference).every((amount) => amount === 0n)) continue;
    const cause = causeOf(eventRow);
    const line = lines.get(cause) ?? { accounts: 0, difference: nothing };
    lines.set(cause, { accounts: line.accounts + 1, difference: plus(line.difference, difference, 1n) });
  }
  return lines;
}

function plus(a: BridgeFlows, b: BridgeFlows, sign: bigint): BridgeFlows {
  return {
    new: a.new + sign * b.new,
    reactivation: a.reactivation + sign * b.reactivation,
    expansion: a.expansion + sign * b.expansion,
    contraction: a.contraction + sign * b.contraction,
    churned: a.churned + sign * b.churned,
    priceUplift: a.priceUplift + sign * b.priceUplift,
    discountChange: a.discountChange + sign * b.discountChange,
  };
}
