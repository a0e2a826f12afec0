// Ranking the rows of a metrics answer by one of their metrics: the accounts that expanded most, the segments with the best NRR.

import { compare, parseDecimal, type Rational, rational } from "@accrete/db/kernel/rational.ts";
import type { MetricsRow } from "@accrete/db/metrics/answer.ts";
import * as formulas from "@accrete/db/metrics/formulas.ts";
import { builder, wordsEnum } from "./builder.ts";
import { type OrderDirection, OrderDirectionEnum } from "./terms.ts";

const rowOrderFields = [
  "OPENING_ARR",
  "CLOSING_ARR",
  "NEW_ARR",
  "EXPANSION_ARR",
  "CONTRACTION_ARR",
  "CHURNED_ARR",
  "NET_EXPANSION_ARR",
  "NET_NEW_ARR",
  "GROSS_EXPANSION_RATE",
  "NRR",
  "GRR",
] as const;
type RowOrderField = (typeof rowOrderFields)[number];
type RowOrder = { readonly field: RowOrderField; readonly direction: OrderDirection };

const RowOrderFieldEnum = wordsEnum("MetricsRowOrderField", rowOrderFields, {
  description: "What the rows of an answer can be ordered by. Rows in which the value is null come last.",
  values: {
    OPENING_ARR: "openingArr.",
    CLOSING_ARR: "closingArr.",
    NEW_ARR: "newArr.",
    EXPANSION_ARR: "expansionArr.",
    CONTRACTION_ARR: "contractionArr.",
    CHURNED_ARR: "churnedArr.",
    NET_EXPANSION_ARR: "netExpansionArr.",
    NET_NEW_ARR: "netNewArr.",
    GROSS_EXPANSION_RATE: "grossExpansionRate, of the period itself.",
    NRR: "nrr, of the period itself.",
    GRR: "grr, of the period itself.",
  },
});

export const RowOrderInput = builder.inputType("MetricsRowOrder", {
  description: "How rows are ranked, such as accounts by expansion. Equal values keep the default order.",
  fields: (t) => ({
    field: t.field({ type: RowOrderFieldEnum, required: true, description: "The metric to rank by." }),
    direction: t.field({
      type: OrderDirectionEnum,
      required: true,
      defaultValue: "DESC",
      description: "DESC, the largest first, unless told.",
    }),
  }),
});

/** The rows by one metric; rows without a value come last, and equal rows keep their order. */
export function rankRows<Row extends MetricsRow>(rows: readonly Row[], { field, direction }: RowOrder): readonly Row[] {
  const sign = direction === "ASC" ? 1 : -1;
  return rows
    .map((row) => ({ row, value: metricOf(row, field) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

function metricOf(row: MetricsRow, field: RowOrderField): Rational | null {
  switch (field) {
    case "OPENING_ARR":
      return whole(row.money.openingMinor);
    case "CLOSING_ARR":
      return whole(row.money.closingMinor);
    case "NEW_ARR":
      return whole(row.money.newMinor);
    case "EXPANSION_ARR":
      return whole(formulas.expansionMinor(row));
    case "CONTRACTION_ARR":
      return whole(formulas.contractionMinor(row));
    case "CHURNED_ARR":
      return whole(row.money.churnedMinor);
    case "NET_EXPANSION_ARR":
      return whole(formulas.netExpansionMinor(row));
    case "NET_NEW_ARR":
      return whole(formulas.netNewMinor(row));
    case "GROSS_EXPANSION_RATE":
      return decimal(formulas.grossExpansionRate(row, "NONE"));
    case "NRR":
      return decimal(formulas.nrr(row, "NONE"));
    case "GRR":
      return decimal(formulas.grr(row, "NONE"));
  }
}

const whole = (amountMinor: bigint | null) => (amountMinor === null ? null : rational(amountMinor));
const decimal = (text: string | null) => (text === null ? null : parseDecimal(text));
