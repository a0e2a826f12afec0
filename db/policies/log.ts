// The log of a workspace's settings: who changed what, when, from what and to what. It is read from the versions themselves.

import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "../kernel/database.ts";
import { type Listing, type Page, type PageArgs, pageQuery, type SortedRow, toPage } from "../kernel/pages.ts";
import { findRateSets } from "../rates/store.ts";
import { workspaceSettings } from "../workspaces/table.ts";
import { type SettingChange, settingChanges } from "./setting-changes.ts";

/** One commit that changed settings. */
export type SettingsChange = {
  readonly recordedVersion: bigint;
  readonly recordedAt: string;
  /** An API key's public id, or the operator's command. */
  readonly setBy: string;
  readonly changes: readonly SettingChange[];
};

type Step = { readonly version: bigint; readonly before: bigint };

/** Every change of settings up to a ledger version, the newest first. BAD_USER_INPUT for a page that cannot be answered. */
export async function listSettingsChanges(tx: Tx, version: bigint, args: PageArgs): Promise<Page<SettingsChange>> {
  const { sql, workspaceId } = tx;
  const listing: Listing = {
    workspaceId,
    name: "settingsChanges",
    keys: [{ name: "VERSION", direction: "DESC", type: "bigint", expression: sql`s.recorded_version` }],
  };
  const page = pageQuery(sql, listing, args);
  const steps = await sql<(Step & SortedRow)[]>`
    select s.recorded_version as version, b.recorded_version as before, ${page.sortedBy} as "sortedBy"
    from ${changed(tx, version)} and ${page.where} order by ${page.orderBy} limit ${page.limit}`;
  const versions = await readVersions(
    tx,
    steps.flatMap((step) => [step.version, step.before]),
  );
  const ids = [...versions.values()].flatMap(({ constantRateSetId, reportedRateSetId }) => [
    constantRateSetId,
    reportedRateSetId,
  ]);
  const sets = await findRateSets(
    tx,
    ids.flatMap((id) => id ?? []),
  );
  const names = new Map(sets.map(({ id, name }) => [id, name]));
  const rows = steps.flatMap(({ version: at, before: from, sortedBy }) => {
    const [after, before] = [versions.get(at), versions.get(from)];
    if (!after || !before) return [];
    const { recordedVersion, recordedAt, setBy } = after;
    return [{ recordedVersion, recordedAt, setBy, changes: settingChanges(before, after, names), sortedBy }];
  });
  return toPage(listing, args, rows);
}

/** How many changes that list has. */
export async function countSettingsChanges(tx: Tx, version: bigint): Promise<number> {
  const [row] = await tx.sql<{ count: bigint }[]>`select count(*) as count from ${changed(tx, version)}`;
  return Number(row?.count ?? 0n);
}

/** Settings that replaced others: the first ones of a workspace changed nothing. */
const changed = ({ sql, workspaceId }: Tx, version: bigint) => sql`
  workspace_settings s join workspace_settings b on b.workspace_id = s.workspace_id and b.superseded_version = s.recorded_version
  where s.workspace_id = ${workspaceId} and s.recorded_version <= ${version}`;

async function readVersions(tx: Tx, versions: readonly bigint[]) {
  const rows =
    versions.length === 0
      ? []
      : await tx.orm
          .select()
          .from(workspaceSettings)
          .where(
            and(
              eq(workspaceSettings.workspaceId, tx.workspaceId),
              inArray(workspaceSettings.recordedVersion, [...versions]),
            ),
          );
  return new Map(rows.map((row) => [row.recordedVersion, row]));
}
