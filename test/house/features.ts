// The rooms and the features of the house, in their order. A file of a feature may use what stands before it, never what stands after.

/** What each room may import of ours. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  db: [],
  schema: ["db"],
  api: ["schema", "db"],
  sdk: [],
  test: ["api", "schema", "db", "sdk"],
};

export const features = [
  "kernel",
  "workspaces",
  "identity",
  "catalog",
  "rates",
  "accounts",
  "contracts",
  "movements",
  "policies",
  "metrics",
  "signals",
  "benchmarks",
  "targets",
  "pipeline",
  "ingestion",
] as const;

export type Feature = (typeof features)[number];

/** What schema/ and sdk/ hold besides one file per feature: what all of them stand on, and what puts them together. */
export const commonGround = {
  schema: ["batching", "builder", "context", "loaders", "nodes", "scalars", "terms"],
  assembly: ["index", "print"],
} as const;

export function isFeature(name: string): name is Feature {
  return (features as readonly string[]).includes(name);
}

/** The feature that a file of db/ or schema/ belongs to; null for what all features share or what assembles them. */
export function featureOf(path: string): Feature | null {
  const name =
    /^db\/(\w+)\//.exec(path)?.[1] ?? /^(?:schema|sdk\/resources|sdk\/operations)\/(\w+)[-.]/.exec(path)?.[1];
  return name !== undefined && isFeature(name) ? name : null;
}

export function isBelow(lower: Feature, higher: Feature): boolean {
  return features.indexOf(lower) < features.indexOf(higher);
}
