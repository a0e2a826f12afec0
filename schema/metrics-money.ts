// The unit in which money is read: a yearly or a monthly view of the same exact amount.

import { formatMoney } from "@accrete/db/kernel/money.ts";
import { mrrMinor } from "@accrete/db/metrics/formulas.ts";
import { builder, wordsEnum } from "./builder.ts";

const moneyUnits = ["ARR", "MRR"] as const;
export type MoneyUnit = (typeof moneyUnits)[number];

const MoneyUnitEnum = wordsEnum("MoneyUnit", moneyUnits, {
  description: "Whether an amount is read per year or per month.",
  values: {
    ARR: "Annual recurring revenue: the amount as it is kept.",
    MRR: "Monthly recurring revenue: the ARR ÷ 12, rounded half-even once to the currency's decimals. A view, never stored and never summed, so that rows may differ from their total by one minor unit.",
  },
});

/** `unit: MoneyUnit! = ARR`, the argument of every money field. */
export const unitArgs = builder.args((t) => ({
  unit: t.field({
    type: MoneyUnitEnum,
    required: true,
    defaultValue: "ARR",
    description: "ARR (per year, the default) or MRR (per month).",
  }),
}));

/** An ARR as text in the unit asked for. */
export function moneyText(arrMinor: bigint, unit: MoneyUnit, currency: string): string {
  return formatMoney(unit === "MRR" ? mrrMinor(arrMinor) : arrMinor, currency);
}
