// What the derivation asks of the catalog: a plan's rank, and the family of its product.

export type PlanFacts = {
  /** The plan's place among its product's plans; null when the product has one plan, or the rank is not known. */
  readonly rank: number | null;
  readonly family: string;
};

/** By plan id. */
export type Catalog = ReadonlyMap<string, PlanFacts>;

/** Throws RangeError for a plan that the catalog lacks: the database's foreign keys promise every line's plan. */
export function factsOfPlan(catalog: Catalog, planId: string): PlanFacts {
  const facts = catalog.get(planId);
  if (!facts) throw new RangeError(`the catalog lacks plan ${planId}`);
  return facts;
}
