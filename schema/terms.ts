// What several nouns share: the direction of an order, the arguments of a page, and whose knowledge answers.

import type { Refusal } from "@accrete/db/accounts/refusals.ts";
import type { AsOf } from "@accrete/db/kernel/knowledge.ts";
import type { PageArgs } from "@accrete/db/kernel/pages.ts";
import { builder, wordsEnum } from "./builder.ts";

const orderDirections = ["ASC", "DESC"] as const;
export type OrderDirection = (typeof orderDirections)[number];

export const OrderDirectionEnum = wordsEnum("OrderDirection", orderDirections, {
  description: "Which way a list is sorted.",
  values: {
    ASC: "From small to large, from early to late, from A to Z.",
    DESC: "From large to small, from late to early, from Z to A.",
  },
});

/** The page's arguments alone, so that loaders of equal pages are one. */
export function pageArgs({ first, after, last, before }: PageArgs): PageArgs {
  return { first, after, last, before };
}

export const AsOfInput = builder.inputType("AsOfInput", {
  description:
    "Whose knowledge answers, by exactly one of both. Everything is read as it was known then: the ledger, attributes, parents, the catalog, rates, bands, settings and policies. BAD_USER_INPUT (field `asOf`) for a version that the ledger has not reached, and for an instant before the workspace's first commit.",
  isOneOf: true,
  fields: (t) => ({
    ledgerVersion: t.field({
      type: "BigInt",
      description: "A ledger version, such as the `ledgerVersion` of an earlier answer.",
    }),
    at: t.field({ type: "DateTime", description: "An instant: what the last commit at or before it knew." }),
  }),
});

/** What an `asOf` argument asks; null is the newest knowledge. */
export function askedAsOf(input: typeof AsOfInput.$inferInput | null | undefined): AsOf | null {
  if (input?.ledgerVersion != null) return { ledgerVersion: input.ledgerVersion };
  return input?.at == null ? null : { at: input.at };
}

/** `asOf: AsOfInput`, the argument of every question that is no metrics question: those have it in their policy. */
export const asOfArgs = builder.args((t) => ({
  asOf: t.field({
    type: AsOfInput,
    description:
      "Whose knowledge answers, here and in everything below; the newest when left out. With it, what is said of today is said of the UTC day of the instant, or of the version's commit.",
  }),
}));

/** Why a fact of a mutation's list was refused; the same shape for every list. */
export const RefusalType = builder.objectRef<Refusal>("Refusal").implement({
  description: "Why one fact of a list was refused. A list with a refusal is booked not even in part.",
  fields: (t) => ({
    index: t.exposeInt("index", { description: "The fact's place in the list, the first being 0." }),
    field: t.exposeString("field", {
      nullable: true,
      description: "The field at fault; null when it is the whole fact.",
    }),
    code: t.exposeString("code", { description: "What is wrong, as a word of the closed list on the feature's page." }),
    message: t.exposeString("message", { description: "What is wrong, in a sentence that names the values." }),
    fix: t.exposeString("fix", { description: "What to do." }),
  }),
});
