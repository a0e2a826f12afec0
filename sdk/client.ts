// The client: where to ask and with which key, and how each call is composed of deadline, retries and transport.

import type { CallOptions } from "./call.ts";
import { type Deadline, withDeadline } from "./deadline.ts";
import type { TypedDocument } from "./document.ts";
import { isRead } from "./operation.ts";
import { AccountsResource } from "./resources/accounts.ts";
import { CatalogResource } from "./resources/catalog.ts";
import { ContractsResource } from "./resources/contracts.ts";
import { MetricsResource } from "./resources/metrics.ts";
import { MovementsResource } from "./resources/movements.ts";
import { PoliciesResource } from "./resources/policies.ts";
import { RatesResource } from "./resources/rates.ts";
import { WorkspaceResource } from "./resources/workspaces.ts";
import { type Delay, retried, timerDelay } from "./retry.ts";
import { type Fetch, send, type Transport } from "./transport.ts";

/** The longest a timer can wait: beyond it, timers fire at once. */
const timeoutMsMax = 2_147_483_647;

export type AccreteOptions = {
  /** The full address, such as "https://accrete.example/graphql". */
  readonly endpoint: string | URL;
  /** An API key of the workspace, `accr_…`. Keep keys that can write out of pages that others load. */
  readonly apiKey: string;
  /** The most a call may take as a whole, with its retries and their waits; 30,000 unless told. */
  readonly timeoutMs?: number;
  /** Further tries of a read after the first; 2 unless told. Writes are never sent twice. */
  readonly retriesMax?: number;
  /** Instead of the runtime's own `fetch`: a proxy's, or a test's. */
  readonly fetch?: Fetch;
  /** Instead of a timer between retries; a test passes one that does not wait. */
  readonly delay?: Delay;
};

/** The variables of `graphql()`: optional when the document requires none. */
export type VariablesAndOptions<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: CallOptions]
    : [variables: Variables, options?: CallOptions];

/**
 * A client of one workspace.
 *
 * @example
 * const accrete = new Accrete({ endpoint: "http://127.0.0.1:4000/graphql", apiKey });
 * const q4 = await accrete.metrics.expansion({ window: quarter("2025-Q4"), groupBy: ["SEGMENT"] });
 */
export class Accrete {
  /** Expansion ARR, NRR, GRR and the rest, of any window. */
  readonly metrics: MetricsResource;
  readonly accounts: AccountsResource;
  readonly contracts: ContractsResource;
  /** Products and their plans. */
  readonly catalog: CatalogResource;
  /** The ledger's entries. */
  readonly movements: MovementsResource;
  /** The workspace's default policy, and saved ones. */
  readonly policies: PoliciesResource;
  /** Exchange rates in named sets. */
  readonly rates: RatesResource;
  /** The key's workspace. */
  readonly workspace: WorkspaceResource;
  // Private in earnest: a client that is logged or serialised does not show its key.
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #retriesMax: number;
  readonly #delay: Delay;

  /** Throws a TypeError for an endpoint that is no http(s) address, for a key that no header can hold, and for limits out of range. */
  constructor(options: AccreteOptions) {
    this.#transport = {
      endpoint: checkedEndpoint(options.endpoint),
      apiKey: checkedKey(options.apiKey),
      // Called through an arrow: browsers refuse a `fetch` that has lost its `this`.
      fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    };
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#retriesMax = options.retriesMax ?? 2;
    this.#delay = options.delay ?? timerDelay;
    checkLimits(this.#timeoutMs, this.#retriesMax);
    const ask = <Result, Variables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      callOptions: CallOptions,
    ) => this.#ask(document, variables, callOptions);
    this.metrics = new MetricsResource(ask);
    this.accounts = new AccountsResource(ask);
    this.contracts = new ContractsResource(ask);
    this.catalog = new CatalogResource(ask);
    this.movements = new MovementsResource(ask);
    this.policies = new PoliciesResource(ask);
    this.rates = new RatesResource(ask);
    this.workspace = new WorkspaceResource(ask);
  }

  /**
   * Asks any document. The result's and the variables' types come from the document: from the ones of this package, or from those that
   * graphql-codegen makes of your own operations against the schema in `@accrete/sdk/schema.graphql`. Throws an AccreteError when the
   * answer holds any error; the part of the result that did arrive is in its `data`.
   *
   * @example
   * const { accounts } = await accrete.graphql(MyAccountsDocument, { first: 10 });
   */
  graphql<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...rest: VariablesAndOptions<Variables>
  ): Promise<Result>;
  /**
   * Asks a document given as text; its result is not known to the compiler, unless you say it.
   *
   * @example
   * const { workspace } = await accrete.graphql<{ workspace: { name: string } }>("{ workspace { name } }");
   */
  graphql<Result = unknown>(
    document: string,
    variables?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<Result>;
  async graphql(document: TypedDocument<unknown, unknown>, variables?: unknown, options?: CallOptions) {
    return this.#ask(document, variables, options ?? {});
  }

  async #ask<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { signal, timeoutMs = this.#timeoutMs, retriesMax = this.#retriesMax }: CallOptions,
  ): Promise<Result> {
    checkLimits(timeoutMs, retriesMax);
    const query = textOf(document);
    const attempt = (deadline: Deadline) => send(this.#transport, { query, variables }, deadline.signal);
    const result = await withDeadline(timeoutMs, signal, (deadline) =>
      isRead(query)
        ? retried(() => attempt(deadline), { retriesMax, delay: this.#delay, random: Math.random }, deadline)
        : attempt(deadline),
    );
    // The server has validated the document against the schema that its types were made from.
    return result as Result;
  }
}

function textOf(document: { toString(): string }): string {
  const text = document.toString();
  // A syntax tree inherits Object's toString; printing it would need a GraphQL library.
  if (!text.includes("{")) throw new TypeError("A document is text: set documentMode: 'string' in your codegen.");
  return text;
}

function checkedEndpoint(endpoint: string | URL): URL {
  const url = typeof endpoint === "string" && !URL.canParse(endpoint) ? null : new URL(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError("'endpoint' is a full http or https address, such as 'http://127.0.0.1:4000/graphql'.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("'endpoint' holds no user and no password: the key goes into 'apiKey'.");
  }
  return url;
}

/** Checked here, because the runtime's own error for a bad header would quote the key. */
function checkedKey(apiKey: string): string {
  if (typeof apiKey === "string" && /^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  throw new TypeError("'apiKey' is a key such as 'accr_live_…', without spaces or line breaks around it.");
}

function checkLimits(timeoutMs: number, retriesMax: number): void {
  if (!(timeoutMs > 0 && timeoutMs <= timeoutMsMax)) {
    throw new TypeError(`'timeoutMs' is more than 0 and at most ${timeoutMsMax}.`);
  }
  if (!Number.isInteger(retriesMax) || retriesMax < 0)
    throw new TypeError("'retriesMax' is a whole number, 0 or more.");
}
