// A company small enough to be worked out by hand: three accounts above each other, one that begins later, one line.

import type { Database } from "@accrete/db/kernel/database.ts";
import type { World } from "../support/world.ts";
import { importLines } from "./books.ts";

/** Fills the books of a company of four accounts, one of them with a line, whose last version was corrected later. */
export async function fillSmallBooks(database: Database, { workspaceId }: World): Promise<void> {
  const write = (kind: Parameters<typeof importLines>[2], ...lines: string[]) =>
    importLines(database, workspaceId, kind, lines);
  await write(
    "catalog",
    "product_id,product_name,family,plan_id,plan_name,rank",
    "p,Planner,Planning,one,One,1",
    "p,Planner,Planning,two,Two,2",
  );
  await write(
    "accounts",
    "account_id,name,parent_id,region,effective_on,attribute.tier,attribute.country",
    "top,Top Holding,,EMEA,,gold,FR",
    "mid,Middle,top,EMEA,,,FR",
    "low,Lower,mid,EMEA,2025-06-01,,",
    "later,Later Inc,,EMEA,2027-01-01,,",
  );
  const header =
    "line_id,contract_id,account_id,product_id,plan_id,from_on,until_on,quantity,unit_price,discount_percent,billing_interval,currency,motion";
  await write(
    "contract-lines",
    header,
    "m1,c1,mid,p,one,2025-01-01,2025-07-01,10,100,,MONTH,USD,sales-led",
    "m1,c1,mid,p,one,2025-07-01,,12,100,25,MONTH,USD,sales-led",
  );
  // Known better later: the seats were 15.
  await write("contract-lines", header, "m1,c1,mid,p,one,2025-07-01,,15,100,25,MONTH,USD,product-led");
}
