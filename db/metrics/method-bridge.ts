// From one method's flows to the other's: EVENT minus SNAPSHOT, line by line, with the accounts behind each line.

import type { Tx } from "../kernel/database.ts";
import type { Window } from "../kernel/dates.ts";
import { abs } from "../kernel/rational.ts";
import type { Policy } from "../policies/policy.ts";
import { type AccountRow, type RowsByAccount, rowsByAccount } from "./account-parts.ts";
import type { MetricsRow } from "./answer.ts";
import { type BridgeCause, bridgeCauseOf, bridgeCauses } from "./bridge-cause.ts";
import { contractionMinor, expansionMinor } from "./formulas.ts";
import type { MetricsQuestion } from "./question.ts";
import { type ReportQuestion, takesWholeAccounts, wholeAccounts, wholeQuestionOf } from "./report-question.ts";
import { askExpansionMetrics } from "./store.ts";

/** The flows that the methods read differently, in minor units; as differences, signed. */
export type BridgeAmounts = {
  readonly newMinor: bigint;
  readonly reactivationMinor: bigint;
  readonly expansionMinor: bigint;
  readonly contractionMinor: bigint;
  readonly churnedMinor: bigint;
  /** 0 unless the policy shows price increases separately. */
  readonly priceUpliftMinor: bigint;
  /** 0 unless the policy shows discount changes separately. */
  readonly discountChangeMinor: bigint;
};

/** An account whose flows differ between the methods. */
export type BridgeAccount = AccountRow & {
  readonly accountId: string;
  readonly cause: BridgeCause;
  /** As far as the filter takes them. */
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly event: BridgeAmounts;
  readonly snapshot: BridgeAmounts;
  readonly difference: BridgeAmounts;
};

export type BridgeLine = {
  readonly cause: BridgeCause;
  readonly accountCount: number;
  readonly difference: BridgeAmounts;
};

export type MethodBridge = {
  readonly window: Window;
  /** What both sides were asked under, but for the method. */
  readonly policy: Policy;
  /** The reporting currency of every amount. */
  readonly currency: string;
  readonly ledgerVersion: bigint;
  readonly event: BridgeAmounts;
  readonly snapshot: BridgeAmounts;
  readonly difference: BridgeAmounts;
  /** The causes that some account has, in their order. */
  readonly lines: readonly BridgeLine[];
  /** What the lines leave unexplained of the difference, summed without sign; 0 unless the books are broken. */
  readonly residualMinor: bigint;
  readonly accounts: RowsByAccount<BridgeAccount>;
};

/**
 * Explains EVENT − SNAPSHOT of a window: the whole difference of an account stands under one cause, accounts without difference in no
 * line. The netting of the policy is EVENT's; its method is ignored. Errors as of `askExpansionMetrics`, without a limit on accounts.
 */
export async function askMethodBridge(tx: Tx, asked: ReportQuestion): Promise<MethodBridge> {
  const question = wholeQuestionOf(asked);
  const eventTotal = await askExpansionMetrics(tx, under("EVENT", question));
  const snapshotTotal = await askExpansionMetrics(tx, under("SNAPSHOT", question));
  const accounts = await rowsByAccount(
    tx,
    { name: "methodBridge", filter: question.filter, perPart: asked.accountsPerPart },
    (accountIds) =>
      bridgeAccounts(tx, accountIds === null ? question : { ...question, filter: { ...question.filter, accountIds } }),
  );
  const lines = await sumLines(accounts);
  const event = amountsOf(eventTotal.total);
  const snapshot = amountsOf(snapshotTotal.total);
  const difference = minus(event, snapshot);
  const left = lines.reduce((rest, line) => minus(rest, line.difference), difference);
  const { window, policy, currency, ledgerVersion } = eventTotal;
  return {
    window,
    policy,
    currency,
    ledgerVersion,
    event,
    snapshot,
    difference,
    lines,
    residualMinor: Object.values(left).reduce((sum, amount) => sum + abs(amount), 0n),
    accounts,
  };
}

async function bridgeAccounts(tx: Tx, question: MetricsQuestion): Promise<readonly BridgeAccount[]> {
  const byAccount: MetricsQuestion = { ...question, groupBy: ["ACCOUNT"] };
  const event = await askExpansionMetrics(tx, under("EVENT", byAccount));
  const snapshot = await askExpansionMetrics(tx, under("SNAPSHOT", byAccount));
  const whole = takesWholeAccounts(question)
    ? event
    : await askExpansionMetrics(tx, under("EVENT", wholeAccounts(byAccount)));
  const [events, snapshots, wholes] = [event, snapshot, whole].map(
    ({ rows }) => new Map(rows.map((row) => [row.group.accountId, row])),
  );
  return [...new Map([...event.rows, ...snapshot.rows].map((row) => [row.group.accountId, row.group]))].flatMap(
    ([accountId, { account }]) => {
      if (accountId === null || account === null) return [];
      const ends = events?.get(accountId) ?? snapshots?.get(accountId);
      const amounts = { event: amountsOf(events?.get(accountId)), snapshot: amountsOf(snapshots?.get(accountId)) };
      const difference = minus(amounts.event, amounts.snapshot);
      if (Object.values(difference).every((amount) => amount === 0n)) return [];
      const openingMinor = ends?.money.openingMinor ?? 0n;
      const closingMinor = ends?.money.closingMinor ?? 0n;
      return [
        {
          account,
          accountId,
          cause: causeOf(wholes?.get(accountId)),
          openingMinor,
          closingMinor,
          ...amounts,
          difference,
        },
      ];
    },
  );
}

function causeOf(row: MetricsRow | undefined): BridgeCause {
  return bridgeCauseOf({
    openingMinor: row?.money.openingMinor ?? 0n,
    closingMinor: row?.money.closingMinor ?? 0n,
    arrivals: (row?.counts.newAccounts ?? 0) + (row?.counts.reactivatedAccounts ?? 0),
    churns: row?.counts.churnedAccounts ?? 0,
  });
}

async function sumLines(accounts: RowsByAccount<BridgeAccount>): Promise<readonly BridgeLine[]> {
  const lines = new Map<BridgeCause, BridgeLine>();
  await accounts.each(({ cause, difference }) => {
    const line = lines.get(cause) ?? { cause, accountCount: 0, difference: amountsOf(undefined) };
    const sum = minus(line.difference, minus(amountsOf(undefined), difference));
    lines.set(cause, { cause, accountCount: line.accountCount + 1, difference: sum });
  });
  return bridgeCauses.flatMap((cause) => lines.get(cause) ?? []);
}

function under(method: Policy["method"], question: MetricsQuestion): MetricsQuestion {
  return { ...question, policy: { ...question.policy, method } };
}

function amountsOf(row: MetricsRow | undefined): BridgeAmounts {
  return {
    newMinor: row?.money.newMinor ?? 0n,
    reactivationMinor: row?.money.reactivationMinor ?? 0n,
    expansionMinor: row ? expansionMinor(row) : 0n,
    contractionMinor: row ? contractionMinor(row) : 0n,
    churnedMinor: row?.money.churnedMinor ?? 0n,
    priceUpliftMinor: row?.money.priceUpliftMinor ?? 0n,
    discountChangeMinor: row?.money.discountChangeMinor ?? 0n,
  };
}

function minus(a: BridgeAmounts, b: BridgeAmounts): BridgeAmounts {
  return {
    newMinor: a.newMinor - b.newMinor,
    reactivationMinor: a.reactivationMinor - b.reactivationMinor,
    expansionMinor: a.expansionMinor - b.expansionMinor,
    contractionMinor: a.contractionMinor - b.contractionMinor,
    churnedMinor: a.churnedMinor - b.churnedMinor,
    priceUpliftMinor: a.priceUpliftMinor - b.priceUpliftMinor,
    discountChangeMinor: a.discountChangeMinor - b.discountChangeMinor,
  };
}
