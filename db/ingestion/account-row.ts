// What one row of an accounts file states: an account's name, attributes and parent, from a day on.

import { dateMin } from "../kernel/dates.ts";
import { attributePrefix } from "./columns.ts";
import { type RowFaults, readDate, readId, readText } from "./fields.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

export const accountRows: RowRule = {
  table: "staged_accounts",
  groupKey: "account_key",
  columns: {
    account_key: "text",
    name: "text",
    parent_key: "text",
    channel: "text",
    region: "text",
    industry: "text",
    owner: "text",
    from_on: "date",
    attributes: "jsonb",
  },
  key: ["account_key", "from_on"],
  keyField: "effective_on",
  read: readAccountRow,
};

const attributeNameCharactersMax = 100;

function readAccountRow({ values, attributes }: Row, faults: RowFaults): readonly StagedValue[] {
  const [accountId = "", name = "", parentId = "", channel = "", region = "", industry = "", owner = "", on = ""] =
    values;
  const accountKey = faults.required("account_id", readId(faults, "account_id", accountId));
  const parentKey = readId(faults, "parent_id", parentId);
  if (accountKey !== null && accountKey === parentKey) faults.add("PARENT_IS_ITSELF", "parent_id");
  return [
    accountKey,
    faults.required("name", readText(faults, "name", name)),
    parentKey,
    readText(faults, "channel", channel),
    readText(faults, "region", region),
    readText(faults, "industry", industry),
    readText(faults, "owner", owner),
    // Empty: true since always.
    readDate(faults, "effective_on", on) ?? dateMin,
    JSON.stringify(readAttributes(attributes, faults)),
  ];
}

/** An empty attribute is none. */
function readAttributes(attributes: Row["attributes"], faults: RowFaults): Record<string, string> {
  const read = attributes.flatMap(([name, cell]) => {
    if (name.length > attributeNameCharactersMax) {
      faults.add("TEXT_TOO_LONG", attributePrefix, {
        value: String(name.length),
        other: String(attributeNameCharactersMax),
      });
    }
    const value = readText(faults, `${attributePrefix}${name}`, cell);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(read);
}
