// Companies to put in groups and to merge: some fed by contract lines, some by ready-made movements.

import { mergeAccounts, unmergeAccounts } from "@accrete/db/movements/merge.ts";
import type { World } from "../support/world.ts";

export const author = { actor: "test", action: "test" };

/** The start of every file of lines: one product of one plan, and lines in it. */
const lineColumns =
  "line_id,contract_id,account_id,product_id,plan_id,kind,from_on,until_on,quantity,unit_price,billing_interval,currency";
const movementColumns = "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id";

export const catalog = `product_id,product_name,family,plan_id,plan_name,rank
core,Core,Platform,core,Core,
insights,Insights,Analytics,insights,Insights,
`;

export async function openGroup(world: World, accounts: readonly string[]): Promise<void> {
  await world.importText("catalog", catalog);
  await world.importText("accounts", `account_id,name\n${accounts.map((id) => `${id},${id}\n`).join("")}`);
}

/** Rows of line, contract, account, product and plan, kind, from, until, quantity, yearly unit price. */
export const lines = (...rows: readonly string[]) =>
  `${lineColumns}\n${rows.map((row) => `${row},YEAR,USD\n`).join("")}`;

export const movements = (...rows: readonly string[]) => `${movementColumns}\n${rows.join("\n")}\n`;

/** Each account with its direct parent on a day, as the source's ids. */
export function parentsOn(world: World, on: string): Promise<Readonly<Record<string, string>>> {
  return world.read(async (tx) => {
    const rows = await tx.sql<{ child: string; parent: string }[]>`
      select c.external_id as child, p.external_id as parent from account_parents l
      join accounts c on c.workspace_id = l.workspace_id and c.id = l.account_id
      join accounts p on p.workspace_id = l.workspace_id and p.id = l.parent_id
      where l.workspace_id = ${tx.workspaceId} and l.superseded_version > 9000000000000000000
        and l.from_on <= ${on}::date and (l.until_on is null or l.until_on > ${on}::date)
      order by 1`;
    return Object.fromEntries(rows.map(({ child, parent }) => [child, parent]));
  });
}

/** What is known of an account, from which day on: name, channel, region and its other attributes. */
export function versionsOf(world: World, account: string): Promise<readonly (readonly unknown[])[]> {
  return world.read(async (tx) => {
    const rows = await tx.sql<Record<string, unknown>[]>`
      select v.from_on, v.name, v.channel, v.region, array(select key || '=' || value from jsonb_each_text(v.attributes) order by 1) as attributes from account_versions v
      join accounts a on a.workspace_id = v.workspace_id and a.id = v.account_id
      where v.workspace_id = ${tx.workspaceId} and a.external_id = ${account} and v.superseded_version > 9000000000000000000
      order by v.from_on`;
    return rows.map((row) => Object.values(row));
  });
}

export const merge = (books: World, from: string, into: string) =>
  books.write((tx) => mergeAccounts(tx, { from: { externalId: from }, into: { externalId: into } }, author));

export const unmerge = (books: World, from: string) =>
  books.write((tx) => unmergeAccounts(tx, { externalId: from }, author));

/** Acme has Core from January on, its twin the same plan from March to August. */
export async function openTwins(books: World): Promise<World> {
  await openGroup(books, ["acme", "twin"]);
  await books.importText(
    "contract-lines",
    lines(
      "A-1,A,acme,core,core,RECURRING,2025-01-01,,10,100",
      "T-1,T,twin,core,core,RECURRING,2025-03-01,2025-09-01,5,100",
    ),
  );
  return books;
}
