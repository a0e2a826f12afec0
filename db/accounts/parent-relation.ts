// Where a statement reads parent links: the table itself, or, once accounts are merged, the links as they hold then.

import type { Fragment, FragmentMaker } from "../kernel/fragments.ts";
import { liveVersion } from "../kernel/tenancy.ts";
import type { ParentLink } from "./hierarchy.ts";

/** A relation with the columns of account_parents; `resolved` are all links as merges leave them, null where nothing is merged. */
export function parentRelation(
  sql: FragmentMaker,
  workspaceId: string,
  resolved: readonly ParentLink[] | null | undefined,
): Fragment {
  if (!resolved) return sql`account_parents`;
  return sql`(select ${workspaceId}::uuid as workspace_id, link.*, 0::bigint as recorded_version,
      ${liveVersion}::bigint as superseded_version
    from unnest(${resolved.map(({ accountId }) => accountId)}::uuid[], ${resolved.map(({ parentId }) => parentId)}::uuid[],
      ${resolved.map(({ fromOn }) => fromOn)}::date[], ${resolved.map(({ untilOn }) => untilOn)}::date[])
      as link (account_id, parent_id, from_on, until_on))`;
}
