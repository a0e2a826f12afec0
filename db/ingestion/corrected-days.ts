// Whether the accounts' days still keep the rules of ready-made movements once corrections are booked: the rules are those of every import.

import { wordArray } from "../kernel/arrays.ts";
import type { Tx } from "../kernel/database.ts";
import { badInput } from "../kernel/errors.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { formatMoney } from "../kernel/money.ts";
import { type DayFault, negativeDays, typeBit, unfitDays } from "../movements/account-days.ts";
import type { MovementRow } from "../movements/list.ts";
import type { MovementType } from "../movements/types.ts";
import { describeFault, faultCodes } from "./faults.ts";
import { nameOf, type Restated } from "./movement-change.ts";

type BrokenDay = {
  readonly accountId: string;
  readonly on: string;
  readonly currency: string | null;
  readonly code: DayFault;
  readonly expected: number | null;
  readonly balance: string;
};

const bits: Readonly<Record<MovementType, number>> = {
  NEW: 1,
  REACTIVATION: 2,
  CHURN: 4,
  EXPANSION: 8,
  CONTRACTION: 8,
};

/**
 * BAD_USER_INPUT when a day would break a rule with `recorded` taken back and `restated` (null: nothing) in its place: the first broken
 * day of an account, the field of the change where the change itself does not fit, else `change`, or `movementId` for a withdrawal.
 */
export async function requireFittingDays(
  tx: Tx,
  recorded: readonly MovementRow[],
  restated: readonly (Restated | null)[],
): Promise<void> {
  const entries = entriesAfter(tx, recorded, restated);
  const [broken] = await tx.sql<BrokenDay[]>`
    select account_key as "accountId", effective_on as "on", currency, code, expected, balance::text as balance
    from (${negativeDays(tx, entries)}) negative
    union all
    select account_key, effective_on, currency, code, expected, balance::text from (${unfitDays(tx, entries, null)}) unfit
    order by "accountId", "on", currency nulls last limit 1`;
  if (!broken) return;
  const { code, on } = broken;
  const blamed = recorded.findIndex(({ accountId }, index) => {
    const values = restated[index]?.values;
    return accountId === broken.accountId && values?.effectiveOn === on && breaks(values, broken);
  });
  const values = restated[blamed]?.values;
  if (values) {
    const isBalance = code === "BALANCE_NEGATIVE";
    const value = isBalance ? balanceOf(broken) : values.type;
    const field = isBalance ? "amount" : "type";
    const { message, fix } = describeFault({ row: null, line: null }, { code, field, value, other: on });
    badInput(nameOf(field), `${message} ${fix}`);
  }
  const first = restated[recorded.findIndex(({ accountId }) => accountId === broken.accountId)];
  badInput(
    first ? "change" : "movementId",
    `With this the recorded movements on ${on} would break a rule. ${faultCodes[code].meaning} Correct them together.`,
  );
}

function breaks({ type, currency, amountMinor }: Restated["values"], broken: BrokenDay): boolean {
  if (broken.code === "BALANCE_NEGATIVE") return currency === broken.currency && amountMinor < 0n;
  return (bits[type] & ~(broken.expected ?? 0)) !== 0;
}

function balanceOf({ balance, currency }: BrokenDay): string {
  return currency === null ? balance : `${formatMoney(BigInt(balance), currency)} ${currency}`;
}

/** The accounts' movements as they will be. What was taken back has no say in the types of its day. */
function entriesAfter(
  { sql, workspaceId }: Tx,
  recorded: readonly MovementRow[],
  restated: readonly (Restated | null)[],
): Fragment {
  const ids = wordArray(recorded.map(({ id }) => id));
  const coming = recorded.flatMap(({ accountId }, index) => {
    const values = restated[index]?.values;
    return values ? [{ accountId, ...values }] : [];
  });
  return sql`
    select m.account_id as account_key, m.effective_on, m.currency, m.amount_minor,
      case when m.reverses is null and m.id <> all(${ids}::uuid[]) and r.id is null then ${typeBit(sql, sql`m.type`)} else 0 end as types
    from movements m
    left join movements r on r.workspace_id = m.workspace_id and r.reverses = m.id
    where m.workspace_id = ${workspaceId} and m.account_id = any(${wordArray(recorded.map(({ accountId }) => accountId))}::uuid[])
    union all
    select m.account_id, m.effective_on, m.currency, -m.amount_minor, 0 from movements m
    where m.workspace_id = ${workspaceId} and m.id = any(${ids}::uuid[])
    union all
    select c.account_id, c.effective_on, c.currency, c.amount_minor, ${typeBit(sql, sql`c.type`)}
    from unnest(${wordArray(coming.map(({ accountId }) => accountId))}::uuid[],
      ${wordArray(coming.map(({ effectiveOn }) => effectiveOn))}::date[], ${wordArray(coming.map(({ currency }) => currency))}::text[],
      ${wordArray(coming.map(({ amountMinor }) => amountMinor))}::bigint[], ${wordArray(coming.map(({ type }) => type))}::text[]
    ) as c (account_id, effective_on, currency, amount_minor, type)`;
}
