// What one account is worth: its ARR on a day, its band, how far it has grown, and its own metrics.

import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { type Balance, rateMissing } from "@accrete/db/movements/balances.ts";
import { segmentOf } from "@accrete/db/workspaces/segments.ts";
import { AccountType } from "./accounts.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { type Context, knownAs, loadersAt } from "./context.ts";
import { WindowInput } from "./metrics.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { answeredRow, MetricsRowType } from "./metrics-row.ts";
import { askedPolicy, PolicyInput } from "./policies.ts";
import { askedAsOf } from "./terms.ts";

const dayArgs = builder.args((t) => ({
  on: t.field({ type: "Date", description: "The day; today (UTC), or the day of `asOf`, when left out." }),
}));

builder.objectFields(AccountType, (t) => ({
  arr: t.field({
    type: "Decimal",
    description:
      "The account's own ARR, subsidiaries not included, at the end of a day, in the workspace's reporting currency at constant rates. RATE_MISSING, naming the currency and the first day of an amount in it, when part of it has no rate in the workspace's constant rate set.",
    args: { ...dayArgs, ...unitArgs },
    resolve: async (account, { on, unit }, context) => {
      const { arrMinor, currency } = await arrOn(context, account, on);
      return moneyText(arrMinor, unit, currency);
    },
  }),
  mrr: t.field({
    type: "Decimal",
    description: "`arr` ÷ 12, rounded half-even, in the workspace's reporting currency. RATE_MISSING as for `arr`.",
    args: dayArgs,
    resolve: async (account, { on }, context) => {
      const { arrMinor, currency } = await arrOn(context, account, on);
      return moneyText(arrMinor, "MRR", currency);
    },
  }),
  segment: t.string({
    nullable: true,
    description:
      'The ARR band ("Enterprise") of the ARR at the end of a day; null when the account has none that day. RATE_MISSING as for `arr`.',
    args: dayArgs,
    resolve: async (account, { on }, context) => {
      const [{ arrMinor }, { segmentBands }] = await Promise.all([
        arrOn(context, account, on),
        loadersAt(context, account.known).settings(),
      ]);
      return arrMinor > 0n ? segmentOf(arrMinor, segmentBands) : null;
    },
  }),
  cumulativeExpansionArr: t.field({
    type: "Decimal",
    description:
      "How far the ARR today is above the account's first ARR ever: max(ARR today − first ARR, 0), and 0 for an account without ARR. Reporting currency; RATE_MISSING as for `arr`.",
    args: unitArgs,
    resolve: async (account, { unit }, context) => {
      const [{ arrMinor, currency }, first] = await Promise.all([
        arrOn(context, account, null),
        loadersAt(context, account.known).firstArr.load(account.id),
      ]);
      const grown = arrMinor - inCurrency(first, currency);
      return moneyText(arrMinor > 0n && grown > 0n ? grown : 0n, unit, currency);
    },
  }),
}));

/** The account's ARR at the end of a day, today unless told, in minor units of the reporting currency. */
async function arrOn(
  context: Context,
  { id: accountId, known }: At<{ readonly id: string }>,
  on: PlainDate | null | undefined,
): Promise<{ arrMinor: bigint; currency: string }> {
  const loaders = loadersAt(context, known);
  const [balances, { reportingCurrency }] = await Promise.all([
    loaders.balances.load({ accountId, on: on ?? known.on }),
    loaders.settings(),
  ]);
  return { arrMinor: inCurrency(balances, reportingCurrency), currency: reportingCurrency };
}

/** The sum of amounts in the reporting currency; RATE_MISSING when one has no rate. */
function inCurrency(amounts: readonly Balance[], currency: string): bigint {
  const known = amounts.map(({ arrMinor, currency: from, sinceOn }) => {
    if (arrMinor === null) throw rateMissing(from, currency, sinceOn);
    return arrMinor;
  });
  return known.reduce((sum, arrMinor) => sum + arrMinor, 0n);
}

builder.objectField(AccountType, "metrics", (t) =>
  t.field({
    type: MetricsRowType,
    description:
      "Every metric of this account alone, for a window as one period: the `total` of expansionMetrics filtered to it. All zero when nothing happened. Where the account was asked for `asOf` an earlier knowledge, so is this, unless `policy.asOf` says otherwise.",
    args: {
      window: t.arg({ type: WindowInput, required: true, description: "The span of days." }),
      policy: t.arg({
        type: PolicyInput,
        description: "The choices of this question; the rest comes from the workspace's default policy.",
      }),
    },
    resolve: async (account, { window, policy }, context) => {
      const known = policy?.asOf ? await knownAs(context, askedAsOf(policy.asOf)) : account.known;
      const { row, answer, question } = await loadersAt(context, known)
        .accountMetrics.of({ window, policy: askedPolicy(policy), asOf: known.asOf, todayOn: context.todayOn })
        .load(account.id);
      return answeredRow(row, { ...answer, known }, question);
    },
  }),
);
