// Rule 3: what moved inside one changed line, driver by driver. The parts telescope: they sum to the pair's whole difference.

import { type Catalog, factsOfPlan } from "../catalog/plans.ts";
import type { LineKind } from "../contracts/terms.ts";
import { type Discount, valueMinor, type YearlyTerms } from "../contracts/value.ts";
import type { LineVersion } from "../contracts/version.ts";
import { compare, type Rational } from "../kernel/rational.ts";
import type { Pair } from "./pair.ts";
import { arrOfSide, termsOfSide } from "./side.ts";
import type { Driver, MovementRule } from "./types.ts";

/** One driver's part of a pair's difference, in minor units of the pair's currency; never 0. */
export type Part = { readonly driver: Driver; readonly rule: MovementRule; readonly amountMinor: bigint };

/** The parts of a pair's difference in driver order; empty when nothing moved. */
export function splitPair(pair: Pair, catalog: Catalog): Part[] {
  const [line] = pair.after;
  if (!line || hasEqualTerms(pair)) return [];
  return partsOf(pair, line, catalog).filter((part) => part.amountMinor !== 0n);
}

function partsOf(pair: Pair, line: LineVersion, catalog: Catalog): Part[] {
  const before = arrOfSide(pair.before);
  const after = arrOfSide(pair.after);
  const usage = usageRules[line.kind];
  if (usage) return [{ ...usage, amountMinor: after - before }];

  const rankChanged = isRankChanged(pair, catalog);
  if (!isDecomposed(pair)) {
    return [{ driver: rankChanged ? "TIER" : "PRICE", rule: "GROUP_CHANGED", amountMinor: after - before }];
  }
  const { newQuantity, newPrice } = middleValues({
    before: { arrMinor: before, terms: termsOfSide(pair.before) },
    after: { arrMinor: after, terms: termsOfSide(pair.after) },
    currency: line.currency,
  });
  const seat: Part = { driver: "SEAT", rule: "QUANTITY_CHANGED", amountMinor: newQuantity - before };
  if (rankChanged) return [seat, { driver: "TIER", rule: "PLAN_CHANGED", amountMinor: after - newQuantity }];
  return [
    seat,
    { driver: "PRICE", rule: "LIST_PRICE_CHANGED", amountMinor: newPrice - newQuantity },
    { driver: "DISCOUNT", rule: "DISCOUNT_CHANGED", amountMinor: after - newPrice },
  ];
}

/** Kinds whose changes are never divided, whatever changed in them. */
const usageRules: Readonly<Record<LineKind, Pick<Part, "driver" | "rule"> | null>> = {
  RECURRING: null,
  COMMITMENT: { driver: "USAGE_COMMITMENT", rule: "COMMITMENT_CHANGED" },
  METERED: { driver: "USAGE", rule: "METERED_CHANGED" },
};

type ValuedSide = { readonly arrMinor: bigint; readonly terms: YearlyTerms };
type Sides = { readonly before: ValuedSide; readonly after: ValuedSide; readonly currency: string };

/**
 * V(q1, p0, d0) and V(q1, p1, d0). A step whose argument did not change is exactly 0: the end points are sums of rounded lines, and a
 * cent that only their rounding made must not appear as seats where no seat moved.
 */
function middleValues({ before, after, currency }: Sides): { newQuantity: bigint; newPrice: bigint } {
  const sameQuantity = isEqual(before.terms.quantity, after.terms.quantity);
  const samePrice = isEqual(before.terms.listPrice, after.terms.listPrice);
  const sameDiscount = isEqualDiscount(before.terms.discount, after.terms.discount);
  const value = (listPrice: Rational) =>
    valueMinor({ quantity: after.terms.quantity, listPrice, discount: before.terms.discount }, currency);

  if (sameQuantity) {
    if (sameDiscount) return { newQuantity: before.arrMinor, newPrice: after.arrMinor };
    return { newQuantity: before.arrMinor, newPrice: samePrice ? before.arrMinor : value(after.terms.listPrice) };
  }
  if (samePrice && sameDiscount) return { newQuantity: after.arrMinor, newPrice: after.arrMinor };
  const newQuantity = value(before.terms.listPrice);
  if (sameDiscount) return { newQuantity, newPrice: after.arrMinor };
  return { newQuantity, newPrice: samePrice ? newQuantity : value(after.terms.listPrice) };
}

/**
 * Whether quantities and prices of the two sides compare: a line that is itself always does, whichever plan it went to; a group does
 * with one plan on each side, both of one product.
 */
function isDecomposed({ how, before, after }: Pair): boolean {
  if (how === "ITSELF") return true;
  return (
    new Set(before.map((line) => line.planId)).size === 1 &&
    new Set(after.map((line) => line.planId)).size === 1 &&
    before[0]?.productId === after[0]?.productId
  );
}

/** Ranks compare within one product only, and a plan without a rank compares with no other. */
function isRankChanged({ before, after }: Pair, catalog: Catalog): boolean {
  const product = before[0]?.productId;
  if ([...before, ...after].some((line) => line.productId !== product)) return false;
  const ranksBefore = new Set(before.map((line) => factsOfPlan(catalog, line.planId).rank));
  const ranksAfter = new Set(after.map((line) => factsOfPlan(catalog, line.planId).rank));
  if (ranksBefore.has(null) || ranksAfter.has(null)) return false;
  return ranksBefore.size !== ranksAfter.size || [...ranksBefore].some((rank) => !ranksAfter.has(rank));
}

/** A new version of a line that changed only its dates, its contract or its notes: most versions of a renewed line. */
function hasEqualTerms({ how, before: [before], after: [after] }: Pair): boolean {
  return (
    how === "ITSELF" &&
    before?.planId === after?.planId &&
    before?.arrMinor === after?.arrMinor &&
    before?.quantity === after?.quantity &&
    before?.unitPrice === after?.unitPrice &&
    before?.billingInterval === after?.billingInterval &&
    before?.discountPercent === after?.discountPercent &&
    before?.discountAmount === after?.discountAmount
  );
}

function isEqual(a: Rational, b: Rational): boolean {
  return compare(a, b) === 0;
}

function isEqualDiscount(a: Discount, b: Discount): boolean {
  return isEqual(a.rate, b.rate) && isEqual(a.amount, b.amount);
}
