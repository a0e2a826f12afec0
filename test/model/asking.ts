// Short ways to ask the model in its own tests, and to read what it says.

import { builtInPolicy } from "@accrete/db/policies/policy.ts";
import { booksOf, dollarSettings } from "./books.ts";
import { bridgeOf } from "./bridge.ts";
import { plan } from "./build.ts";
import { dayOf } from "./calendar.ts";
import type { AccountFact, RateFacts, ReadyMovement } from "./facts.ts";
import { answer } from "./metrics.ts";
import { type ModelPolicy, type ModelQuestion, viewOf } from "./question.ts";
import type { ModelRow } from "./rows.ts";
import type { Facts } from "./scene.ts";

type Told = Partial<Facts> & { readonly rates?: RateFacts };
type Asked = Partial<ModelPolicy> & { readonly groupBy?: ModelQuestion["groupBy"] };

type Asking = readonly [told: Told, window: readonly [string, string], asked?: Asked];

export function ask(...asking: Asking) {
  const { books, question } = setting(...asking);
  return answer(books, question);
}

/** The bridge's lines: the cause, how many accounts, and what is not 0 of the difference, in whole units. */
export function bridge(...asking: Asking) {
  const { books, question } = setting(...asking);
  return [...(bridgeOf(books, question) ?? [])].map(([cause, { accounts, difference }]) => {
    const flows = Object.entries(difference).filter(([, amount]) => amount !== 0n);
    return [cause, accounts, Object.fromEntries(flows.map(([name, amount]) => [name, Number(amount) / 100]))];
  });
}

function setting(...[{ rates, ...told }, [from, until], { groupBy = [], ...policy } = {}]: Asking) {
  const question: ModelQuestion = {
    from: dayOf(from),
    until: dayOf(until),
    grain: "WHOLE",
    groupBy,
    groupByAttributes: [],
    cohortGrain: "MONTH",
    filter: {},
    policy: { ...builtInPolicy, ...policy },
    todayOn: dayOf(until),
  };
  const facts = { accounts: [], merges: [], lines: [], usage: [], ready: [], ...told };
  const settings = { ...dollarSettings, ...(rates ? { rates } : {}) };
  return { books: booksOf(facts, settings, viewOf(question)), question };
}

/** What is not 0 of a row, in whole units of its money. */
export function said({ expansion, contraction, ...row }: ModelRow): Record<string, number> {
  const columns = {
    opening: row.opening,
    new: row.new,
    reactivation: row.reactivation,
    churned: row.churned,
    returned: row.returned,
    priceUplift: row.priceUplift,
    discountChange: row.discountChange,
    fx: row.fx,
    transferIn: row.transferIn,
    transferOut: row.transferOut,
    closing: row.closing,
    ...Object.fromEntries(Object.entries(expansion).map(([driver, sum]) => [`+${driver}`, sum])),
    ...Object.fromEntries(Object.entries(contraction).map(([driver, sum]) => [`-${driver}`, sum])),
  };
  const told = Object.entries(columns).filter(([, sum]) => sum !== null && sum !== 0n);
  return Object.fromEntries(told.map(([name, sum]) => [name, Number(sum) / 100]));
}

export const total = (...asked: Parameters<typeof ask>) => said(ask(...asked).total);

export function account(accountId: string, parents: Record<string, string | null> = {}): AccountFact[] {
  const said = { "1990-01-01": null, ...parents };
  return Object.entries(said).map(([from, parentId]) => ({
    accountId,
    from: dayOf(from),
    name: accountId,
    parentId,
    channel: null,
    region: null,
    industry: null,
    owner: null,
    attributes: {},
  }));
}

export const app = plan("app");
export const other = plan("other", null, { productId: "other", family: "other" });
export const february = ["2025-02-01", "2025-03-01"] as const;

let made = 0;
export function stated(
  accountId: string,
  on: string,
  words: string,
  dollars: number,
  rest: Partial<ReadyMovement> = {},
) {
  const [type = "NEW", driver = null] = words.split(" ") as [ReadyMovement["type"], ReadyMovement["driver"]];
  made += 1;
  const movement: ReadyMovement = {
    movementId: `m${made}`,
    accountId,
    on: dayOf(on),
    type,
    driver,
    amount: BigInt(dollars) * 100n,
    currency: "USD",
    plan: null,
    kind: null,
    isAddOn: false,
    motion: null,
    campaign: null,
    bookedOn: null,
    ...rest,
  };
  return movement;
}
