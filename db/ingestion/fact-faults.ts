// What can be wrong with a row beside the other rows of its file and the facts that are stored.

import type { FaultEntry } from "./fault-entry.ts";

export const factFaults = {
  ACCOUNT_UNKNOWN: {
    of: "row",
    meaning: "No account has this id.",
    fix: "Import the account first, or ask for it to be created: --create-missing, createMissing=1.",
    message: "There is no account {value}.",
  },
  PRODUCT_UNKNOWN: {
    of: "row",
    meaning: "No product has this id.",
    fix: "Import the catalog first, or ask for it to be created: --create-missing, createMissing=1.",
    message: "There is no product {value}.",
  },
  PLAN_UNKNOWN: {
    of: "row",
    meaning: "No plan has this id.",
    fix: "Import the catalog first, or ask for it to be created: --create-missing, createMissing=1.",
    message: "There is no plan {value}.",
  },
  PARENT_UNKNOWN: {
    of: "row",
    meaning: "The parent is neither in the file nor in the workspace.",
    fix: "Add the parent's own row to the file, in any place.",
    message: "There is no account {value} to be the parent.",
  },
  PARENT_IS_ITSELF: {
    of: "row",
    meaning: "An account names itself as its parent.",
    fix: "Leave parent_id empty for an account without a parent.",
    message: "An account cannot be its own parent.",
  },
  PARENT_CYCLE: {
    of: "row",
    meaning: "The parents lead back to the account.",
    fix: "Break the circle: one of its accounts has no parent, or another one.",
    message: "From {=other} on, the parents of {value} lead back to it.",
  },
  HIERARCHY_TOO_DEEP: {
    of: "row",
    meaning: "The account's group would have more than 10 levels on some day, the account at its top counted.",
    fix: "Put the account, or those below it, higher up.",
    message: "From {=other} on, the group of {value} would have more than 10 levels.",
  },
  PLAN_OF_OTHER_PRODUCT: {
    of: "row",
    meaning: "The plan belongs to another product; a plan never changes its product.",
    fix: "Name the plan's own product, or give the plan another id.",
    message: "The plan {value} belongs to the product {other}.",
  },
  CONTRACT_OF_OTHER_ACCOUNT: {
    of: "row",
    meaning: "The contract belongs to another account; a contract never changes its account.",
    fix: "Name the contract's own account, or give the contract another id.",
    message: "The contract {value} belongs to the account {other}{on line}.",
  },
  RANK_MISSING: {
    of: "row",
    meaning: "A product with more than one plan has a plan without a rank.",
    fix: "Give every plan of the product a rank, from small to large.",
    message: "The product {value} has several plans, and the plan {other} has no rank.",
  },
  KEY_REPEATED: {
    of: "row",
    meaning: "Two rows of the file have the same key and different content. Equal rows count once.",
    fix: "Keep the row that is right.",
    message: "{value} is stated differently on line {line}.",
  },
  VERSIONS_OVERLAP: {
    of: "row",
    meaning: "Two versions of one line in the file are in force on the same day; one without until_on never ends.",
    fix: "End the earlier version with until_on on the day the later one starts.",
    message: "The version {=value} overlaps the version {=other}{on line}.",
  },
  VERSION_OVERLAPS_STORED: {
    of: "row",
    meaning: "The version and one of the same line that is stored are in force on the same day.",
    fix: "End the stored version: send its row again, with until_on, in the same file.",
    message: "The version {=value} overlaps the stored version {=other}.",
  },
  MIXED_SOURCES: {
    of: "row",
    meaning: "An account is fed by contract lines or by ready-made movements, never by both.",
    fix: "Send the account's facts in the form it already has.",
    message: "The account {value} is fed by {=other}.",
  },
  ACCOUNT_MERGED: {
    of: "row",
    meaning: "The account is merged into another one; ready-made movements are taken for that one only.",
    fix: "Send the movement for the account that remains, with the type that it has there; or unmerge the account first.",
    message: "The account {value} is merged into {other}.",
  },
  LINE_UNKNOWN: {
    of: "row",
    meaning: "No contract line has this id.",
    fix: "Import the contract line first.",
    message: "There is no contract line {value}.",
  },
  LINE_NOT_METERED: {
    of: "row",
    meaning: "Usage is billed for a line that has no METERED version.",
    fix: "Name the metered line, or import the line's kind as METERED first.",
    message: "The line {value} is not metered.",
  },
  USAGE_OVERLAPS: {
    of: "row",
    meaning: "Two billing periods of one line in the file share a day.",
    fix: "Let one end on the day on which the other starts.",
    message: "The period {=value} overlaps the period {=other}{on line}.",
  },
  USAGE_OVERLAPS_RECORDED: {
    of: "row",
    meaning: "The billing period shares a day with a recorded one of the same line that starts on another day.",
    fix: "Send the recorded period again, with another until_on, in the same file.",
    message: "The period {=value} overlaps the recorded period {=other}.",
  },
  USAGE_TOO_LARGE: {
    of: "row",
    meaning: "The amount of one billing period has more than 11 digits before the point.",
    fix: "Check the amount and its unit.",
    message: "{value} is too large for one billing period: at most 11 digits before the point.",
  },
  PERIOD_CLOSED: {
    of: "row",
    meaning:
      "The row would change what is true on a day of a closed period, and the workspace refuses late facts. Every row of the account is refused with it.",
    fix: "Reopen the period (reopenPeriod), or have late facts booked as restatements (closedPeriodTreatment).",
    message: "This changes what is true on {=value}, a day of the closed period {=other}.",
  },
  MOVEMENT_ALREADY_RECORDED: {
    of: "row",
    meaning: "The movement is in the ledger with other content. The ledger is appended, never edited.",
    fix: "Correct or withdraw the recorded movement with correctMovement; a file cannot.",
    message: "The movement {value} is recorded with other content.",
  },
  BALANCE_NEGATIVE: {
    of: "row",
    meaning: "The account's ARR would be below zero in one currency at the end of the day.",
    fix: "Check the amount, and that the account's earlier movements are all there.",
    message: "The account's ARR would be {=value} at the end of {=other}.",
  },
  DAY_WITHOUT_CHANGE: {
    of: "row",
    meaning: "The account has no ARR before the day nor after it, and yet movements on it.",
    fix: "Leave the day's movements out: what comes and goes on one day is none.",
    message: "The account has no ARR before {=other} nor after it.",
  },
  NEW_EXPECTED: {
    of: "row",
    meaning: "The account has its first ARR on this day: every movement of the day is NEW.",
    fix: "Send NEW, or the account's earlier movements too.",
    message: "On {=other} the account has its first ARR: expected NEW, not {=value}.",
  },
  REACTIVATION_EXPECTED: {
    of: "row",
    meaning: "The account had ARR once and none just before: every movement of the day is REACTIVATION.",
    fix: "Send REACTIVATION.",
    message: "On {=other} the account has ARR again: expected REACTIVATION, not {=value}.",
  },
  CHURN_EXPECTED: {
    of: "row",
    meaning: "The account loses all its ARR on this day: every movement of the day is CHURN.",
    fix: "Send CHURN, or check the amounts.",
    message: "On {=other} the account loses all its ARR: expected CHURN, not {=value}.",
  },
  CHANGE_EXPECTED: {
    of: "row",
    meaning: "The account has ARR before and after the day: every movement of the day is EXPANSION or CONTRACTION.",
    fix: "Send EXPANSION or CONTRACTION with a driver, or check the amounts: CHURN ends at exactly 0.",
    message: "The account has ARR before {=other} and after it: expected EXPANSION or CONTRACTION, not {=value}.",
  },
  RECORDED_MOVEMENT_CONTRADICTED: {
    of: "row",
    meaning: "With this row, which is dated before it, a movement that is recorded or comes later would break a rule.",
    fix: "Send all movements that keep the account's history whole in one file, or correct the date.",
    message: "With this row the movements on {=other} would break a rule: {=value}.",
  },
} as const satisfies Record<string, FaultEntry>;
