// Whose knowledge a read uses: the newest, or that of an earlier ledger version.

import type { PlainDate } from "./dates.ts";
import type { Fragment, FragmentMaker } from "./fragments.ts";
import { liveVersion } from "./tenancy.ts";

/** Whose knowledge is asked for: a ledger version's, or an instant's (RFC 3339). */
export type AsOf = { readonly ledgerVersion: bigint } | { readonly at: string };

/** The knowledge of a ledger version, and the day that "today" means in it. */
export type Known = {
  /** `newestKnown`, or a version that the ledger has reached. */
  readonly version: bigint;
  readonly on: PlainDate;
};

/** Stands for the newest version, whichever it is: above every version that is ever recorded, below the one that live facts carry. */
export const newestKnown = liveVersion - 1n;

/** That a versioned fact, under its alias, was known at a version. */
export function knownAt(sql: FragmentMaker, alias: string, version: bigint): Fragment {
  const fact = sql(alias);
  // Both say the same of the newest; the plain equality is the one whose selectivity Postgres knows.
  if (version === newestKnown) return sql`${fact}.superseded_version = ${liveVersion}`;
  return sql`${fact}.recorded_version <= ${version} and ${fact}.superseded_version > ${version}`;
}
