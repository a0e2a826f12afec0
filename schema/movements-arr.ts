// The account's ARR around a movement.

import { formatMoney } from "@accrete/db/kernel/money.ts";
import type { ArrAround } from "@accrete/db/movements/balances.ts";
import type { MovementRow } from "@accrete/db/movements/list.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { type Context, loadersAt } from "./context.ts";
import { MovementType } from "./movements.ts";

builder.objectFields(MovementType, (t) => ({
  arrBefore: t.field({
    type: "Decimal",
    nullable: true,
    description:
      "The account's ARR just before this movement, in the reporting currency at constant rates. Within a day increases come first, then decreases, then driver order, then the source's id. Null for a reversal and for a movement that was reversed. RATE_MISSING when part of it has no constant rate.",
    resolve: async (movement, _args, context) => {
      return arrText(context, movement, ({ beforeMinor }) => beforeMinor);
    },
  }),
  arrAfter: t.field({
    type: "Decimal",
    nullable: true,
    description:
      "The account's ARR just after this movement: `arrBefore` and `amount`, in the reporting currency at constant rates. Null for a reversal and for a movement that was reversed. RATE_MISSING as for `arrBefore`.",
    resolve: async (movement, _args, context) => {
      return arrText(context, movement, ({ afterMinor }) => afterMinor);
    },
  }),
}));

/** An account's ARR beside a movement, as text; null where the movement does not count. */
async function arrText(
  context: Context,
  movement: At<MovementRow>,
  side: (around: ArrAround) => bigint,
): Promise<string | null> {
  const loaders = loadersAt(context, movement.known);
  const [around, { reportingCurrency }] = await Promise.all([loaders.arrAround.load(movement.id), loaders.settings()]);
  return around && formatMoney(side(around), reportingCurrency);
}
