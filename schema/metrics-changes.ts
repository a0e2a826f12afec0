// What moved a reported number since: the report as it was and as it is, every row of the ledger between them, and every other commit.

import type { Window } from "@accrete/db/kernel/dates.ts";
import { AccreteError, badInput } from "@accrete/db/kernel/errors.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";
import type { ExpansionMetricsAnswer } from "@accrete/db/metrics/answer.ts";
import { changesBetween } from "@accrete/db/metrics/changed-facts.ts";
import type { MetricsQuestion } from "@accrete/db/metrics/question.ts";
import {
  type CommitRow,
  countCommits,
  countFacts,
  type FactCount,
  factKinds,
  listCommits,
} from "@accrete/db/metrics/recorded-facts.ts";
import { differencesOf, type ReportDifference } from "@accrete/db/metrics/report-differences.ts";
import { wholeQuestionOf } from "@accrete/db/metrics/report-question.ts";
import { askExpansionMetrics } from "@accrete/db/metrics/store.ts";
import {
  type ChangeQuestion,
  type ChangeTotal,
  changeEffects,
  countChanges,
  listChanges,
  requireComparable,
  sumChanges,
} from "@accrete/db/movements/changes.ts";
import type { MovementRow } from "@accrete/db/movements/list.ts";
import type { At, Knowledge } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { answered, ExpansionMetricsType } from "./metrics.ts";
import { askedReport, reportArgs } from "./metrics-reports.ts";
import { MovementType } from "./movements.ts";
import { MovementTypeEnum } from "./movements-filter.ts";
import { AsOfInput, askedAsOf, pageArgs } from "./terms.ts";

const ChangeEffectEnum = wordsEnum("ChangeEffect", changeEffects, {
  description: "How a movement that was booked later bears on a window.",
  values: {
    FLOW: "It is of a day of the window: it moved the window's flows, and what it closed with.",
    OPENING: "It is of a day before the window: it moved what the window opened, and so closed, with.",
  },
});

const FactKindEnum = wordsEnum("FactKind", factKinds, {
  description: "The kinds of facts that can change an answer.",
  values: {
    SETTINGS:
      "The workspace's own choices: currency, fiscal year, bands, default policy, rate sets, treatment of late facts.",
    SAVED_POLICIES: "Policies saved under a name.",
    CATALOG: "Products and plans: names, families, ranks.",
    RATES: "Exchange rates.",
    ATTRIBUTES: "Names and attributes of accounts, with their days.",
    PARENTS: "Parent links of accounts, with their days.",
    MERGES: "Merges of accounts.",
    CONTRACT_LINES: "Versions of contract lines.",
    USAGE: "What was billed for metered lines, period by period.",
    CLOSINGS: "Closings of periods.",
    MOVEMENTS: "Movements of the ledger.",
    TRANSFERS: "Transfers of the ledger: ARR carried from one line or plan to another.",
  },
});

type Difference = ReportDifference & { readonly currency: string };

const ReportDifferenceType = builder.objectRef<Difference>("ReportDifference").implement({
  description: "One money column of the total, as it was reported and as it is, in the reporting currency.",
  fields: (t) => ({
    metric: t.exposeString("metric", { description: "The field of MetricsRow, such as `expansionArr`." }),
    before: t.field({
      type: "Decimal",
      description: "As it was known then.",
      resolve: ({ beforeMinor, currency }) => formatMoney(beforeMinor, currency),
    }),
    after: t.field({
      type: "Decimal",
      description: "As it is known now.",
      resolve: ({ afterMinor, currency }) => formatMoney(afterMinor, currency),
    }),
    difference: t.field({
      type: "Decimal",
      description: "`after` − `before`.",
      resolve: ({ beforeMinor, afterMinor, currency }) => formatMoney(afterMinor - beforeMinor, currency),
    }),
  }),
});

const ChangeTotalType = builder.objectRef<ChangeTotal>("ChangeTotal").implement({
  description: "What the movements booked since add up to, for one effect, type and currency.",
  fields: (t) => ({
    effect: t.expose("effect", { type: ChangeEffectEnum, description: "How they bear on the window." }),
    type: t.expose("type", { type: MovementTypeEnum, description: "The type of the movements." }),
    currency: t.expose("currency", { type: "CurrencyCode", description: "The currency of `amount`." }),
    amount: t.field({
      type: "Decimal",
      description: "The sum of their amounts, signed; a reversal counts against what it took back.",
      resolve: ({ amountMinor, currency }) => formatMoney(amountMinor, currency),
    }),
    movementCount: t.exposeInt("movementCount", { description: "How many rows, reversals included." }),
  }),
});

type ChangedMovement = { readonly movement: At<MovementRow>; readonly window: Window };

const ChangedMovementType = builder.objectRef<ChangedMovement>("ChangedMovement").implement({
  description: "A row of the ledger that was booked since, and how it bears on the window.",
  fields: (t) => ({
    effect: t.field({
      type: ChangeEffectEnum,
      description: "Whether its day is of the window or before it.",
      resolve: ({ movement, window }) => (movement.effectiveOn < window.fromOn ? "OPENING" : "FLOW"),
    }),
    movement: t.field({
      type: MovementType,
      description: "The movement, or the reversal of one: then its amount is negated, and `reverses` names the other.",
      resolve: ({ movement }) => movement,
    }),
  }),
});

const ChangedMovementConnection = builder.connectionObject(
  { type: ChangedMovementType, name: "ChangedMovementConnection", description: "One page of booked movements." },
  { name: "ChangedMovementEdge", description: "A booked movement and its place in the list." },
);

const FactCountType = builder.objectRef<FactCount>("FactCount").implement({
  description: "How many facts of one kind a commit touched.",
  fields: (t) => ({
    kind: t.expose("kind", { type: FactKindEnum, description: "The kind of facts." }),
    recorded: t.exposeInt("recorded", {
      description: "Facts that it recorded; of the ledger, rows that it appended, reversals aside.",
    }),
    ended: t.exposeInt("ended", {
      description: "Facts that it ended or replaced; of the ledger, rows that it took back.",
    }),
  }),
});

type Commit = CommitRow & { readonly facts: readonly FactCount[] };

const CommitType = builder.objectRef<Commit>("Commit").implement({
  description: "One write: who did what, and which facts it touched.",
  fields: (t) => ({
    ledgerVersion: t.expose("version", { type: "BigInt", description: "The version that it made." }),
    recordedAt: t.expose("recordedAt", { type: "DateTime", description: "When it was recorded." }),
    actor: t.exposeString("actor", { description: "Who wrote: an API key's id, `key_…`, or the operator's command." }),
    action: t.exposeString("action", { description: 'What was done, such as "import contract-lines".' }),
    facts: t.field({
      type: [FactCountType],
      description: "What it touched, kind by kind; of all accounts, whatever the filter.",
      resolve: ({ facts }) => [...facts],
    }),
  }),
});

const CommitConnection = builder.connectionObject(
  { type: CommitType, name: "CommitConnection", description: "One page of commits." },
  { name: "CommitEdge", description: "A commit and its place in the list." },
);

type Report = { readonly answer: At<ExpansionMetricsAnswer>; readonly question: MetricsQuestion };

type WhatChanged = {
  readonly before: Report;
  readonly after: Report;
  readonly span: Pick<ChangeQuestion, "window" | "sinceVersion" | "untilVersion">;
  /** What chooses the rows of the ledger: asked once, and only where they are. */
  readonly changes: () => Promise<Omit<ChangeQuestion, "effect">>;
  readonly known: Knowledge;
};

const WhatChangedType = builder.objectRef<WhatChanged>("WhatChanged").implement({
  description:
    "What moved a window's numbers since they were reported. Where both reports are EVENT, ACCOUNT, BILLED_RECURRING and without netting, and all ARR is in the reporting currency, the movements listed add up exactly to the differences of openingArr (OPENING), of every flow (FLOW, by type) and of closingArr (both); what a filter on attributes tells apart, and every other policy, can be moved by the other commits too.",
  fields: (t) => ({
    before: t.field({
      type: ExpansionMetricsType,
      description: "The report as it was known then, by the workspace's default policy of then.",
      resolve: ({ before }) => answered(before.answer, before.question),
    }),
    after: t.field({
      type: ExpansionMetricsType,
      description: "The report as it is known now, or as of `policy.asOf`.",
      resolve: ({ after }) => answered(after.answer, after.question),
    }),
    differences: t.field({
      type: [ReportDifferenceType],
      description: "Every money column of the total, in the order of the identity, also those that did not change.",
      resolve: ({ before, after }) =>
        differencesOf(before.answer.total, after.answer.total).map((difference) => ({
          ...difference,
          currency: after.answer.currency,
        })),
    }),
    totals: t.field({
      type: [ChangeTotalType],
      description: "What `movements` adds up to.",
      resolve: async ({ changes }, _args, { tx }) => [
        ...(await sumChanges(tx, { ...(await changes()), effect: null })),
      ],
    }),
    movements: t.connection(
      {
        type: ChangedMovementType,
        description:
          "Every row of the ledger that was booked since, of days before the window's end, in the order of booking. Where a policy nets, groups or leaves out, those that it may have done so with: of whatever type and driver, of all accounts that either report counts (of groups, of all their accounts); TOO_COMPLEX for more than 50,000 accounts chosen by conditions. A movement that was booked since and taken back since is there with its reversal.",
        args: {
          effect: t.arg({ type: ChangeEffectEnum, description: "Only those of one effect; both when left out." }),
        },
        resolve: async ({ changes, known }, { effect, ...args }, context) => {
          const question = { ...(await changes()), effect: effect ?? null };
          const page = await listChanges(context.tx, question, pageArgs(args));
          const { movement } = loadersAt(context, known);
          const rows = await movement.getMany(page.edges.map(({ node }) => node.id));
          const byId = new Map(rows.map((row) => [row.id, row]));
          return {
            ...page,
            edges: page.edges.flatMap(({ node, cursor }) => {
              const row = byId.get(node.id);
              return row ? [{ node: { movement: row, window: question.window }, cursor }] : [];
            }),
            totalCount: () => countChanges(context.tx, question),
          };
        },
      },
      ChangedMovementConnection,
    ),
    commits: t.connection(
      {
        type: CommitType,
        description: "Every commit since, oldest first: also those that changed no ARR.",
        resolve: async ({ span }, args, { tx }) => {
          const page = await listCommits(tx, span, pageArgs(args));
          const facts = await countFacts(
            tx,
            page.edges.map(({ node }) => node.version),
          );
          return {
            ...page,
            edges: page.edges.map(({ node, cursor }) => ({
              cursor,
              node: { ...node, facts: facts.filter(({ version }) => version === node.version) },
            })),
            totalCount: () => countCommits(tx, span),
          };
        },
      },
      CommitConnection,
    ),
  }),
});

builder.queryField("whatChanged", (t) =>
  t.field({
    type: WhatChangedType,
    description:
      "What moved a window's numbers since they were reported: the report as known at `since` and as known now, the ledger's rows booked between, and every other commit between. BAD_USER_INPUT for a `since` later than `policy.asOf`, and for a segment condition, since bands are of one report.",
    args: {
      ...reportArgs,
      since: t.arg({
        type: AsOfInput,
        required: true,
        description: "What was known when the numbers were reported, such as a closed period's `ledgerVersion`.",
      }),
    },
    resolve: async (_root, { since, ...args }, context) => {
      const question = wholeQuestionOf(askedReport(args, context));
      requireComparable(question.filter);
      const asOf = askedAsOf(since);
      const report = async (asked: MetricsQuestion): Promise<Report> => {
        const known = await knownAs(context, asked.asOf ?? null);
        return { question: asked, answer: { ...(await askExpansionMetrics(context.tx, asked)), known } };
      };
      const before = await ofSince(() => report({ ...question, asOf }));
      const after = await report(question);
      const { ledgerVersion: sinceVersion } = before.answer;
      const { ledgerVersion: untilVersion, known } = after.answer;
      if (sinceVersion > untilVersion)
        badInput("since", "The report of `since` is later than the one of `policy.asOf`.");
      const span = { window: question.window, sinceVersion, untilVersion };
      return { before, after, known, span, changes: changesBetween(context.tx, { before, after }) };
    },
  }),
);

/** What is wrong with the knowledge asked for is wrong with `since`. */
async function ofSince<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AccreteError && error.field === "asOf") badInput("since", error.message);
    throw error;
  }
}
