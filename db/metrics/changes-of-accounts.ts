// From a row of an answer to the accounts that it is made of: the row's own question again, grouped by account.

import type { Tx } from "../kernel/database.ts";
import type { Policy } from "../policies/policy.ts";
import { type AccountRow, type RowsByAccount, rowsByAccount } from "./account-parts.ts";
import type { MetricsRow } from "./answer.ts";
import { type ChangeClass, changeClassOf } from "./change-class.ts";
import { questionOfRow, type RowPlace } from "./drilldown.ts";
import { type FlowDimension, flowDimensions, type MetricsQuestion } from "./question.ts";
import { askExpansionMetrics } from "./store.ts";

/** What one account is of a row. */
export type AccountChange = AccountRow & {
  readonly accountId: string;
  /** The row's period and columns, of this account alone. */
  readonly row: MetricsRow;
  readonly class: ChangeClass;
};

/**
 * The accounts of a row: every money column sums to the row's under every policy, `transferInArr` − `transferOutArr` as a difference
 * (what went from one of the row's accounts to another stands in both columns here, and in neither of the row). Under
 * ULTIMATE_PARENT the accounts are those at the top of their groups.
 *
 * Errors as of `askExpansionMetrics`.
 */
export function changesOfAccounts(
  tx: Tx,
  question: MetricsQuestion,
  place: RowPlace,
  policy: Policy,
): Promise<RowsByAccount<AccountChange>> {
  const ofRow = questionOfRow(question, place, policy);
  const groupBy = ["ACCOUNT" as const, ...place.groupBy.filter(isFlowDimension)];
  return rowsByAccount(tx, { name: "accountChanges", filter: ofRow.filter }, async (accountIds) => {
    const filter = accountIds === null ? ofRow.filter : { ...ofRow.filter, accountIds };
    const { rows } = await askExpansionMetrics(tx, { ...ofRow, filter, groupBy });
    return rows.flatMap((row) => {
      const { account, accountId } = row.group;
      if (account === null || accountId === null) return [];
      return [{ account, accountId, row: { ...row, group: place.group }, class: changeClassOf(row) }];
    });
  });
}

function isFlowDimension(dimension: string): dimension is FlowDimension {
  return flowDimensions.some((name) => name === dimension);
}
