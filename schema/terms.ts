// What several nouns share: the direction of an order, and the arguments of a page.

import type { PageArgs } from "@accrete/db/kernel/pages.ts";
import { wordsEnum } from "./builder.ts";

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
