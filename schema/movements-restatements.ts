// Restatements: the movements that were booked about closed periods, on the period and on the movement.

import { formatMoney } from "@accrete/db/kernel/money.ts";
import {
  countRestatements,
  listRestatements,
  type RestatementTotal,
  sumRestatements,
} from "@accrete/db/movements/closings.ts";
import { builder } from "./builder.ts";
import { loadersAt } from "./context.ts";
import { MovementConnection, MovementType } from "./movements.ts";
import { MovementTypeEnum } from "./movements-filter.ts";
import { pageArgs } from "./terms.ts";
import { ClosedPeriodType } from "./workspaces-closings.ts";

const RestatementTotalType = builder.objectRef<RestatementTotal>("RestatementTotal").implement({
  description: "What the restatements of a period moved, for one movement type and currency.",
  fields: (t) => ({
    type: t.expose("type", { type: MovementTypeEnum, description: "The type of the movements." }),
    currency: t.expose("currency", { type: "CurrencyCode", description: "The currency of `amount`." }),
    amount: t.field({
      type: "Decimal",
      description: "The sum of their amounts in `currency`, signed; a reversal counts against what it took back.",
      resolve: ({ amountMinor, currency }) => formatMoney(amountMinor, currency),
    }),
    movementCount: t.exposeInt("movementCount", { description: "How many rows of the ledger, reversals included." }),
  }),
});

builder.objectFields(ClosedPeriodType, (t) => ({
  restatements: t.connection(
    {
      type: MovementType,
      description:
        "The movements, reversals included, that were booked about days of the period after it was closed and before it was opened again, in the order in which they were booked.",
      resolve: async (period, args, context) => {
        const ledger = await loadersAt(context, period.known).ledger();
        const question = { period, version: ledger.version };
        const page = await listRestatements(context.tx, question, pageArgs(args));
        const rows = await loadersAt(context, period.known).movement.getMany(page.edges.map(({ node }) => node.id));
        const byId = new Map(rows.map((row) => [row.id, row]));
        return {
          ...page,
          edges: page.edges.flatMap(({ node, cursor }) => {
            const movement = byId.get(node.id);
            return movement ? [{ node: movement, cursor }] : [];
          }),
          totalCount: () => countRestatements(context.tx, question),
        };
      },
    },
    MovementConnection,
  ),
  restatementTotals: t.field({
    type: [RestatementTotalType],
    description: "What the restatements add up to, by type and currency; empty when there are none.",
    resolve: async (period, _args, context) => {
      const { version } = await loadersAt(context, period.known).ledger();
      return [...(await sumRestatements(context.tx, { period, version }))];
    },
  }),
}));

builder.objectField(MovementType, "isRestatement", (t) =>
  t.boolean({
    description:
      "Whether it was booked about a day of a period that was closed then: a late fact, which the workspace had chosen to book.",
    resolve: (movement, _args, context) => loadersAt(context, movement.known).isRestatement.load(movement.id),
  }),
);
