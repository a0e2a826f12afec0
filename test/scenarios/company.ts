// A company that uses Accrete as its users do: it sends files over HTTP, and asks through the SDK.

import { Accrete, type LedgerEntries, type Movement } from "@accrete/sdk";
import { startTestServer, type TestServerOptions } from "../support/server.ts";

/** What an import answers, as far as the stories read it. */
export type ImportAnswer = {
  readonly status: number;
  readonly rowsRead: number;
  readonly rowsChanged: number;
  readonly rowsUnchanged: number;
  readonly rowsRefused: number;
  readonly movementsAppended: number;
  readonly movementsReversed: number;
  readonly ledgerVersion: string;
  readonly faults: readonly { readonly row: number; readonly field: string | null; readonly code: string }[];
};

export type Company = {
  /** With a key that only reads. */
  readonly accrete: Accrete;
  readonly endpoint: string;
  readonly readKey: string;
  /** Imports a CSV of a kind, such as "contract-lines": the header as one line of names, then one line per row. */
  send(kind: string, header: string, ...rows: readonly string[]): Promise<ImportAnswer>;
  /** Every movement of an account, told in one line each: date, type, driver and amount. */
  ledgerOf(accountExternalId: string, entries?: LedgerEntries): Promise<readonly string[]>;
  close(): Promise<void>;
};

export async function company(options: TestServerOptions = {}): Promise<Company> {
  const server = await startTestServer(options);
  const accrete = new Accrete({ endpoint: server.endpoint, apiKey: server.keys.read, retriesMax: 0 });
  return {
    accrete,
    endpoint: server.endpoint,
    readKey: server.keys.read,
    send: async (kind, header, ...rows) => {
      const answer = await fetch(new URL(`/import/${kind}`, server.url), {
        method: "POST",
        headers: { authorization: `Bearer ${server.keys.write}`, "content-type": "text/csv" },
        body: `${[header, ...rows].join("\n")}\n`,
      });
      return { status: answer.status, ...(await answer.json()) };
    },
    ledgerOf: async (accountExternalId, entries = "UNREVERSED") => {
      const told: string[] = [];
      const filter = { accountExternalIds: [accountExternalId] };
      for await (const movement of accrete.movements.list(filter, { entries, first: 3 })) told.push(tell(movement));
      return told;
    },
    close: () => server.close(),
  };
}

function tell({ effectiveOn, type, driver, amount, reverses }: Movement): string {
  return [effectiveOn, type, driver, amount, reverses && "(taken back)"].filter((word) => word !== null).join(" ");
}

/** The columns that most stories need; every line is billed monthly in USD. */
export const lineColumns =
  "line_id,contract_id,account_id,product_id,plan_id,is_add_on,from_on,until_on,quantity,unit_price,discount_percent,billing_interval,currency";

/** Two products of a family with an add-on, and one of another family. */
export const catalog = [
  "product_id,product_name,family,plan_id,plan_name,rank",
  "planner,Planner,Planning,starter,Starter,1",
  "planner,Planner,Planning,pro,Pro,2",
  "reports,Reports,Planning,reports-one,Reports,",
  "signals,Signals,Analytics,signals-one,Signals,",
] as const;
