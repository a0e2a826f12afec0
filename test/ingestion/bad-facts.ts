// Files that are bad beside other rows, or beside the books of `importSamples`.

import { type BadFile, line, movement, row } from "./bad-file.ts";

const deep = Array.from({ length: 11 }, (_, level) => ({
  account_id: `d${level}`,
  parent_id: level === 0 ? "" : `d${level - 1}`,
}));
const umbrella = { account_id: "umbrella", effective_on: "2025-06-01" };

export const badFacts: readonly BadFile[] = [
  line("an unknown account", { account_id: "nobody" }, ["ACCOUNT_UNKNOWN", "account_id", /no account 'nobody'/]),
  line("an unknown product", { product_id: "none" }, ["PRODUCT_UNKNOWN", "product_id", /no product 'none'/]),
  line("an unknown plan", { plan_id: "none" }, ["PLAN_UNKNOWN", "plan_id", /no plan 'none'/]),
  movement("an unknown product without a plan", { product_id: "none", plan_id: "" }, [
    "PRODUCT_UNKNOWN",
    "product_id",
    /no product 'none'/,
  ]),
  line("a plan of another product", { plan_id: "insights" }, [
    "PLAN_OF_OTHER_PRODUCT",
    "plan_id",
    /belongs to the product 'insights'/,
  ]),
  line("a contract of another account", { contract_id: "C-1" }, [
    "CONTRACT_OF_OTHER_ACCOUNT",
    "contract_id",
    /'C-1' belongs to the account 'globex'/,
  ]),
  row(
    "contract-lines",
    "a contract of two accounts",
    [{}, { line_id: "X-2", account_id: "globex" }],
    ["CONTRACT_OF_OTHER_ACCOUNT", "contract_id", /'initech' on line 2/],
  ),
  line("an account fed by movements", { account_id: "umbrella" }, [
    "MIXED_SOURCES",
    "account_id",
    /'umbrella' is fed by ready-made movements/,
  ]),
  movement("an account fed by lines", { account_id: "globex" }, [
    "MIXED_SOURCES",
    "account_id",
    /'globex' is fed by contract lines/,
  ]),
  line("an overlap with what is stored", { line_id: "L-3001", contract_id: "C-3", from_on: "2025-06-01" }, [
    "VERSION_OVERLAPS_STORED",
    "from_on",
    /2025-06-01 to 2026-01-01 overlaps the stored version 2025-02-01 to 2025-11-01/,
  ]),
  {
    ...row(
      "contract-lines",
      "an overlap in the file",
      [{ until_on: "" }, { from_on: "2025-06-01" }],
      ["VERSIONS_OVERLAP", "from_on", /2025-01-01 to \(open\) overlaps the version 2025-06-01 to 2026-01-01 on line 3/],
    ),
    line: 2,
  },
  {
    ...row(
      "movements",
      "one id with two contents",
      [{}, { amount: "7.00" }],
      ["KEY_REPEATED", "movement_id", /'N-1' is stated differently on line 3/],
    ),
    line: 2,
  },
  {
    ...row(
      "catalog",
      "one product with two families",
      [{}, { plan_id: "vault-pro", rank: "2", family: "Safety" }],
      ["KEY_REPEATED", "product_id", /'vault' is stated differently on line 3/],
    ),
    line: 2,
  },
  row(
    "catalog",
    "a second plan beside one without a rank",
    [{ product_id: "insights", product_name: "Insights", family: "Analytics", plan_id: "insights-pro" }],
    ["RANK_MISSING", "rank", /'insights' has several plans, and the plan 'insights' has no rank/],
  ),
  row(
    "accounts",
    "an unknown parent",
    [{ parent_id: "nobody" }],
    ["PARENT_UNKNOWN", "parent_id", /no account 'nobody'/],
  ),
  row(
    "accounts",
    "an account as its own parent",
    [{ parent_id: "hooli" }],
    ["PARENT_IS_ITSELF", "parent_id", /its own parent/],
  ),
  row(
    "accounts",
    "a circle with what is stored",
    [{ account_id: "globex", parent_id: "globex-fr" }],
    ["PARENT_CYCLE", "parent_id", /From 2025-01-01 on, the parents of 'globex' lead back/],
  ),
  row("accounts", "more levels than there are", deep, [
    "HIERARCHY_TOO_DEEP",
    "parent_id",
    /From 2025-01-01 on, the group of 'd10' would have more than 10 levels/,
  ]),
  movement("a movement of an account that is merged", { account_id: "vandelay-eu" }, [
    "ACCOUNT_MERGED",
    "account_id",
    /'vandelay-eu' is merged into 'vandelay'/,
  ]),
  row(
    "usage",
    "usage of an unknown line",
    [{ line_id: "none" }],
    ["LINE_UNKNOWN", "line_id", /no contract line 'none'/],
  ),
  row(
    "usage",
    "usage of a line that is not metered",
    [{ line_id: "L-2001" }],
    ["LINE_NOT_METERED", "line_id", /'L-2001' is not metered/],
  ),
  {
    ...row(
      "usage",
      "billing periods that share a day",
      [{}, { from_on: "2025-09-30", until_on: "2025-10-30" }],
      ["USAGE_OVERLAPS", "from_on", /2025-09-01 to 2025-10-01 overlaps the period 2025-09-30 to 2025-10-30 on line 3/],
    ),
    line: 2,
  },
  row(
    "usage",
    "a billing period that shares a day with a recorded one",
    [{ from_on: "2025-07-31" }],
    [
      "USAGE_OVERLAPS_RECORDED",
      "from_on",
      /2025-07-31 to 2025-10-01 overlaps the recorded period 2025-07-01 to 2025-08-01/,
    ],
  ),
  movement("another content under a recorded id", { movement_id: "M-1", account_id: "umbrella" }, [
    "MOVEMENT_ALREADY_RECORDED",
    "movement_id",
    /'M-1' is recorded/,
  ]),
  movement("a fact about a closed period", { effective_on: "2020-03-31" }, [
    "PERIOD_CLOSED",
    "account_id",
    /on 2020-03-31, a day of the closed period 2020-01-01 to 2020-03-31/,
  ]),
  movement("a CHURN below nothing", { ...umbrella, type: "CONTRACTION", driver: "SEAT", amount: "-99999.99" }, [
    "BALANCE_NEGATIVE",
    "amount",
    /-71499\.99 USD at the end of 2025-06-01/,
  ]),
  {
    ...row(
      "movements",
      "what comes and goes on one day",
      [{}, { movement_id: "N-2", type: "CHURN", amount: "-1200.00" }],
      ["DAY_WITHOUT_CHANGE", "type", /no ARR before 2025-01-10 nor after/],
    ),
    line: 2,
  },
  movement("an EXPANSION of an account without ARR", { type: "EXPANSION", driver: "SEAT" }, [
    "NEW_EXPECTED",
    "type",
    /first ARR: expected NEW, not EXPANSION/,
  ]),
  movement("a second NEW", { ...umbrella, effective_on: "2026-02-01" }, [
    "REACTIVATION_EXPECTED",
    "type",
    /expected REACTIVATION, not NEW/,
  ]),
  movement(
    "a CONTRACTION to nothing",
    { ...umbrella, effective_on: "2025-10-01", type: "CONTRACTION", driver: "SEAT", amount: "-37500.00" },
    ["CHURN_EXPECTED", "type", /expected CHURN, not CONTRACTION/],
  ),
  movement("a CHURN that leaves something", { ...umbrella, type: "CHURN", amount: "-1.00" }, [
    "CHANGE_EXPECTED",
    "type",
    /expected EXPANSION or CONTRACTION, not CHURN/,
  ]),
  movement("a NEW before the recorded one", { account_id: "umbrella", effective_on: "2024-01-01" }, [
    "RECORDED_MOVEMENT_CONTRADICTED",
    "effective_on",
    /movements on 2024-03-01 would break a rule: CHANGE_EXPECTED/,
  ]),
];
