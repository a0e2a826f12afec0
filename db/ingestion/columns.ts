// The columns of each kind of file, and how a CSV header finds them.

import { type FieldFault, FileRefused } from "./faults.ts";
import type { ImportKind } from "./kinds.ts";

/** Of a header, and of an object of NDJSON. */
const columnsMax = 500;

export type Column = {
  readonly name: string;
  /** A required column must be in the header, and filled in every row. */
  readonly need: "required" | "optional";
  /** For docs and help. */
  readonly meaning: string;
};

/** Columns of this prefix hold the workspace's own attributes of accounts: `attribute.tier`. */
export const attributePrefix = "attribute.";

const required = (name: string, meaning: string): Column => ({ name, need: "required", meaning });
const optional = (name: string, meaning: string): Column => ({ name, need: "optional", meaning });

const circumstances = [
  optional("motion", "how it was sold, in the workspace's own words"),
  optional("campaign", "what brought it about, in the workspace's own words"),
];

export const columnsOf = {
  catalog: [
    required("product_id", "the source's id of the product"),
    required("product_name", "its name"),
    required("family", "the product family: add-ons and cross-sells are told apart by it"),
    required("plan_id", "the source's id of the plan"),
    required("plan_name", "its name"),
    optional(
      "rank",
      "the plan's place among the product's plans, from small to large; empty while it is the only plan",
    ),
  ],
  accounts: [
    required("account_id", "the source's id of the account"),
    required("name", "its name"),
    optional("parent_id", "the account above it; empty for none"),
    optional("channel", "direct, partner, …"),
    optional("region", "where it is"),
    optional("industry", "what it does"),
    optional("owner", "who looks after it"),
    optional("effective_on", "the first day on which the row is true; empty: since always"),
  ],
  "contract-lines": [
    required("line_id", "the source's id of the line"),
    required("contract_id", "the source's id of the contract"),
    required("account_id", "the account that pays"),
    required("product_id", "what is sold"),
    required("plan_id", "in which plan"),
    optional("kind", "RECURRING (when empty), COMMITMENT or METERED"),
    optional("is_add_on", "true or false (when empty)"),
    required("from_on", "the first day of this version of the line"),
    optional("until_on", "the first day on which it is no longer in force; empty: open"),
    required("quantity", "above zero"),
    required("unit_price", "list price per unit and billing interval; up to 12 decimals"),
    optional("discount_percent", "recurring discount off the list price, 0 to 100"),
    optional("discount_amount", "recurring discount per billing interval; one of the two at most"),
    required("billing_interval", "DAY, WEEK, MONTH, QUARTER, YEAR or THREE_YEARS"),
    required("currency", "ISO 4217, such as USD"),
    optional("term_ends_on", "when the contract's term ends; information, it ends no ARR"),
    optional("booked_on", "when it was signed"),
    ...circumstances,
    optional("account_name", "with create-missing: the new account's name"),
    optional("product_name", "with create-missing: the new product's name"),
    optional("product_family", "with create-missing: the new product's family"),
    optional("plan_name", "with create-missing: the new plan's name"),
    optional("plan_rank", "with create-missing: the new plan's rank"),
  ],
  movements: [
    required("movement_id", "the source's id of the movement"),
    required("account_id", "the account whose ARR moved"),
    required("effective_on", "the day on which it moved"),
    required("type", "NEW, REACTIVATION, EXPANSION, CONTRACTION or CHURN"),
    optional("driver", "what moved; required for EXPANSION and CONTRACTION, empty for the others"),
    required("amount", "change of ARR, signed, in major units"),
    required("currency", "ISO 4217, such as USD"),
    optional("product_id", "of which product"),
    optional("plan_id", "of which plan of that product"),
    optional("kind", "RECURRING, COMMITMENT or METERED"),
    optional("is_add_on", "true or false (when empty)"),
    ...circumstances,
    optional("booked_on", "when it was signed"),
  ],
  rates: [
    required("rate_set", "the name of the set; one that is not there comes to be"),
    optional("kind", "CONSTANT or DATED; empty: DATED where from_on is filled, else CONSTANT"),
    required("from_currency", "ISO 4217, such as EUR"),
    required("to_currency", "the currency that it is read in: the workspace's reporting currency"),
    optional("from_on", "the first day on which the rate holds, in a DATED set; empty in a CONSTANT one"),
    required("rate", "how many units of to_currency one of from_currency is worth; up to 12 decimals"),
  ],
  usage: [
    required("line_id", "the source's id of the metered line"),
    required("from_on", "the first day of the billing period"),
    required("until_on", "the first day after it"),
    required(
      "amount",
      "what was billed for the period beyond the commitment, in the line's currency; up to 12 decimals",
    ),
  ],
} as const satisfies Record<ImportKind, readonly Column[]>;

/** Where a row's values are: one position per column of the kind, in its order; -1 for a column that the file lacks. */
export type Header = {
  readonly positions: readonly number[];
  readonly attributes: readonly { readonly name: string; readonly position: number }[];
  /** How many cells every row has. */
  readonly cellCount: number;
  /** Names of columns that this kind of file does not have. */
  readonly ignored: readonly string[];
};

/** Finds the columns; names may be in any order and case. Throws FileRefused: COLUMN_MISSING, COLUMN_REPEATED, COLUMNS_TOO_MANY, SEPARATOR_NOT_COMMA, TEXT_NOT_STORABLE. */
export function readHeader(kind: ImportKind, cells: readonly string[]): Header {
  refuseColumns(cells.length, 1);
  if (cells.some((cell) => cell.includes("\0"))) throw new FileRefused({ code: "TEXT_NOT_STORABLE", field: null }, 1);
  const names = cells.map((cell) => cell.trim());
  const keys = names.map((name) => (attributeName(kind, name) === null ? name.toLowerCase() : name));
  const columns: readonly Column[] = columnsOf[kind];
  const known = new Set<string>(columns.map(({ name }) => name));
  const positions = columns.map(({ name }) => keys.indexOf(name));
  refuseSeparators(keys.some((key) => known.has(key)) ? "" : names.join());
  const missing = columns.filter(({ need }, index) => need === "required" && positions[index] === -1);
  const repeated = keys.filter((key, index) => key !== "" && keys.indexOf(key) !== index);
  const faults: FieldFault[] = [
    ...missing.map(({ name }) => ({ code: "COLUMN_MISSING" as const, field: name, value: name })),
    ...[...new Set(repeated)].map((name) => ({ code: "COLUMN_REPEATED" as const, field: name, value: name })),
  ];
  if (faults.length > 0) throw new FileRefused(faults, 1);
  return {
    positions,
    attributes: names.flatMap((name, position) => {
      const attribute = attributeName(kind, name);
      return attribute === null ? [] : [{ name: attribute, position }];
    }),
    cellCount: cells.length,
    ignored: names.filter((name, index) => attributeName(kind, name) === null && !known.has(keys[index] ?? "")),
  };
}

/** Throws FileRefused: COLUMNS_TOO_MANY. */
export function refuseColumns(count: number, line: number): void {
  if (count <= columnsMax) return;
  throw new FileRefused({ code: "COLUMNS_TOO_MANY", field: null, value: String(count) }, line);
}

/** The workspace's own name of an attribute column; null for every other column. */
export function attributeName(kind: ImportKind, column: string): string | null {
  if (kind !== "accounts" || !column.toLowerCase().startsWith(attributePrefix)) return null;
  return column.slice(attributePrefix.length).trim() || null;
}

const separators: readonly { readonly character: string; readonly name: string }[] = [
  { character: ";", name: "semicolons" },
  { character: "\t", name: "tabs" },
  { character: "|", name: "vertical bars" },
];

function refuseSeparators(header: string): void {
  const found = separators.find(({ character }) => header.includes(character));
  if (found) throw new FileRefused({ code: "SEPARATOR_NOT_COMMA", field: null, value: found.name }, 1);
}
