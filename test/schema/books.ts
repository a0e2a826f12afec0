// A company's books for the tests of the schema: 60 accounts in groups, with lines that start, grow, shrink and end, in a fixed pattern.

import type { ImportKind } from "@accrete/db/ingestion/kinds.ts";
import { importFile } from "@accrete/db/ingestion/store.ts";
import type { Database } from "@accrete/db/kernel/database.ts";
import { createContext } from "@accrete/schema/context.ts";
import { schema } from "@accrete/schema/index.ts";
import { type ExecutionResult, graphql } from "graphql";
import type { World } from "../support/world.ts";

export const todayOn = "2026-01-01";

const catalog = [
  "product_id,product_name,family,plan_id,plan_name,rank",
  "planner,Planner,Planning,starter,Starter,1",
  "planner,Planner,Planning,pro,Pro,2",
  "reports,Reports,Planning,reports-one,Reports,",
  "signals,Signals,Analytics,signals-one,Signals,",
];

const names = Array.from({ length: 60 }, (_, i) => `account-${String(i + 1).padStart(2, "0")}`);
const channels = ["Direct", "Partner", "Self-serve", ""];
const regions = ["EMEA", "Americas"];

/** Every fifth account is at the top of a group of five; the first of all is above the second group's. */
function parentOf(i: number): string {
  if (i === 5) return "account-01";
  return i % 5 === 0 ? "" : (names[i - (i % 5)] ?? "");
}

const accounts = [
  "account_id,name,parent_id,channel,region,industry,owner,effective_on,attribute.tier",
  ...names.map((name, i) => {
    // Names repeat, so that an order by name needs its tie-break.
    const shown = `Company ${i % 7}`;
    const tier = i % 3 === 0 ? "gold" : "";
    return `${name},${shown},${parentOf(i)},${channels[i % 4]},${regions[i % 2]},Software,${i % 2 ? "Ada" : "Bo"},,${tier}`;
  }),
  // One that moves to another region within the window.
  "account-02,Company 1,account-01,Partner,EMEA,Software,Ada,2025-11-15,",
];

const lineHeader =
  "line_id,contract_id,account_id,product_id,plan_id,is_add_on,from_on,until_on,quantity,unit_price,billing_interval,currency,motion";

/** Each account grows in seats; every third changes its plan, every fourth adds a module, every seventh leaves, every eleventh returns. */
function linesOf(name: string, i: number): string[] {
  const seats = 5 + (i % 9);
  const month = String(1 + (i % 9)).padStart(2, "0");
  const plan = i % 2 ? "starter" : "pro";
  const price = plan === "pro" ? 400 : 150;
  const later = i % 3 === 0 && plan === "starter" ? "pro,false,2025-10-20" : `${plan},false,2025-10-20`;
  const laterPrice = later.startsWith("pro") ? 400 : price;
  const endOn = i % 7 === 3 ? "2025-12-05" : "";
  const main = `${name}-main,${name}-c,${name}`;
  return [
    `${main},planner,${plan},false,2025-${month}-0${1 + (i % 5)},2025-10-20,${seats},${price},MONTH,USD,sales-led`,
    `${main},planner,${later},${endOn},${seats + (i % 4) - 1},${laterPrice},MONTH,USD,product-led`,
    ...(i % 4 === 0
      ? [`${name}-add,${name}-c,${name},reports,reports-one,true,2025-11-01,${endOn},1,90,MONTH,USD,`]
      : []),
    ...(i % 6 === 0
      ? [`${name}-sig,${name}-d,${name},signals,signals-one,false,2025-11-20,${endOn},2,55,MONTH,USD,`]
      : []),
    ...(i % 7 === 3 && i % 2 ? [`${name}-back,${name}-e,${name},planner,pro,false,2025-12-20,,4,400,MONTH,USD,`] : []),
  ];
}

/** Fills the world's books. */
export async function fillBooks(database: Database, { workspaceId }: World): Promise<void> {
  const files: readonly (readonly [ImportKind, readonly string[]])[] = [
    ["catalog", catalog],
    ["accounts", accounts],
    ["contract-lines", [lineHeader, ...names.flatMap(linesOf)]],
  ];
  for (const [kind, lines] of files) await importLines(database, workspaceId, kind, lines);
}

/** Imports a CSV, and fails the test that needs it when a row is refused. */
export async function importLines(
  database: Database,
  workspaceId: string,
  kind: ImportKind,
  lines: readonly string[],
): Promise<void> {
  const result = await importFile(database, workspaceId, {
    kind,
    format: "csv",
    source: [Buffer.from(`${lines.join("\n")}\n`)],
    effect: "write",
    fileName: `${kind}.csv`,
    actor: "test",
    unknownNames: "refuse",
    refusals: "all or nothing",
  });
  if (result.outcome === "REFUSED") throw new Error(JSON.stringify(result.faults.slice(0, 5)));
}

/** Asks the schema directly, without the server: one snapshot, as the server would open it. */
export async function ask(
  books: Pick<World, "read">,
  source: string,
  variableValues: Readonly<Record<string, unknown>> = {},
): Promise<ExecutionResult> {
  return books.read((tx) => {
    const asker = { keyId: "key_test", scope: "read", requestId: "test", todayOn } as const;
    return graphql({ schema, source, variableValues, contextValue: createContext(tx, asker) });
  });
}

/** The answer's data as plain JSON, in the shape that the test names; throws the first error. */
export async function answerOf<Shape = Record<string, unknown>>(
  books: Pick<World, "read">,
  source: string,
  variableValues: Readonly<Record<string, unknown>> = {},
): Promise<Shape> {
  const { data, errors } = await ask(books, source, variableValues);
  if (errors) throw errors[0];
  return JSON.parse(JSON.stringify(data));
}
