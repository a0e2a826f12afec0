// What can be wrong with one fact of a list that says something of accounts: the closed table, and the shape in which it is told. The
// faults of imported rows have a table of their own (db/ingestion/faults.ts).

export const accountRefusalCodes = {
  ACCOUNT_UNKNOWN: {
    meaning: "No account has this id.",
    fix: "Import the account first, or correct the id.",
  },
  PARENT_UNKNOWN: {
    meaning: "No account has the parent's id.",
    fix: "Import the parent first, or correct the id.",
  },
  PARENT_IS_ITSELF: {
    meaning: "An account names itself, or an account that is merged into it, as its parent.",
    fix: "Send null for an account without a parent.",
  },
  TERM_EMPTY: {
    meaning: "The last day comes before the first: untilOn is the first day on which it is no longer true.",
    fix: "Send an untilOn after fromOn, or leave it out.",
  },
  STATED_TWICE: {
    meaning: "Two facts of the list say something of one account's parent on the same day.",
    fix: "Keep the one that is right, or let one end where the other begins.",
  },
  ACCOUNT_MERGED: {
    meaning: "The account is merged into another one, whose parent counts.",
    fix: "Name the account that it is merged into.",
  },
  PARENT_CYCLE: {
    meaning: "On some day the parents would lead back to the account.",
    fix: "Break the circle: one of its accounts has no parent on that day, or another one.",
  },
  HIERARCHY_TOO_DEEP: {
    meaning: "On some day the account's group would have more than 10 levels, the account at its top counted.",
    fix: "Put the account, or those below it, higher up.",
  },
} as const satisfies Record<string, { readonly meaning: string; readonly fix: string }>;

export type AccountRefusalCode = keyof typeof accountRefusalCodes;

/** Why a list of facts was refused: the fact (its place in the list, from 0), its field (null: the whole fact), and what to do. */
export type Refusal = {
  readonly index: number;
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
};

/** A refusal by its code. */
export function refusal(index: number, field: string | null, code: AccountRefusalCode, message: string): Refusal {
  return { index, field, code, message, fix: accountRefusalCodes[code].fix };
}
