// Suspicions about accounts: two that may be one, subsidiaries without a parent, and accounts of which nothing is known.

import type { Tx } from "../kernel/database.ts";
import type { Fragment } from "../kernel/fragments.ts";
import { type Known, knownAt } from "../kernel/knowledge.ts";
import { findingsMax, type QualityCheck, subjectsMax } from "./quality-codes.ts";

/** Words at the end of a name that say nothing of who it is. */
const legalForms =
  "incorporated|inc|limited|ltd|llc|llp|lp|plc|corporation|corp|company|co|gmbh|ag|kg|se|sa|sas|sarl|srl|spa|bv|nv|ab|as|oy|pty|kk|group|holding|holdings";

type Row = {
  readonly count: number;
  readonly subjects: readonly string[];
  readonly name: string;
  readonly other: string;
};

export async function findAccountSuspicions(tx: Tx, known: Known): Promise<readonly QualityCheck[]> {
  const duplicates = await findDuplicates(tx, known);
  const subsidiaries = await findSubsidiaries(tx, known);
  const unknown = await findUnknown(tx, known);
  const check = (code: QualityCheck["code"], rows: readonly Row[], message: (row: Row) => string): QualityCheck => ({
    code,
    count: rows[0]?.count ?? 0,
    findings: rows.map((row) => ({ kind: "ACCOUNT", subjects: row.subjects, message: message(row) })),
  });
  return [
    check(
      "DUPLICATE_ACCOUNTS",
      duplicates,
      ({ name, other }) => `${other} accounts are called '${name}', or nearly so.`,
    ),
    check(
      "PARENTS_MISSING",
      subsidiaries,
      ({ name, other }) => `'${name}' may belong to '${other}', and has no parent.`,
    ),
    check("ATTRIBUTES_MISSING", unknown, ({ name }) => `Nothing but its name is known of '${name}'.`),
  ];
}

/** The accounts that are not merged into others, with what is known of them on the day. */
function accountsOf({ sql, workspaceId }: Tx, { version, on }: Known): Fragment {
  const words = sql`btrim(regexp_replace(lower(v.name), '[^[:alnum:]]+', ' ', 'g'))`;
  return sql`
    select a.id, a.external_id, v.name, v.channel, v.region, v.industry, v.owner,
      coalesce(nullif(regexp_replace(${words}, ${`( (${legalForms}))+$`}, ''), ''), ${words}) as spelled
    from accounts a
    join account_versions v on v.workspace_id = a.workspace_id and v.account_id = a.id and ${knownAt(sql, "v", version)}
      and v.from_on <= ${on}::date and (v.until_on is null or v.until_on > ${on}::date)
    where a.workspace_id = ${workspaceId} and not exists (
      select from account_merges g where g.workspace_id = a.workspace_id and g.account_id = a.id and ${knownAt(sql, "g", version)})`;
}

async function findDuplicates(tx: Tx, known: Known): Promise<readonly Row[]> {
  const { sql } = tx;
  return sql<Row[]>`
    with known as (${accountsOf(tx, known)})
    select (count(*) over ())::integer as count, min(name collate "C") as name, count(*)::text as other,
      (array_agg(external_id order by external_id collate "C"))[1:${subjectsMax}] as subjects
    from known where spelled <> '' group by spelled having count(*) > 1
    order by count(*) desc, spelled collate "C" limit ${findingsMax}`;
}

/** By whole words: 'Globex France' may belong to 'Globex', and 'Globexia' may not. One word of three letters tells nothing. */
async function findSubsidiaries(tx: Tx, known: Known): Promise<readonly Row[]> {
  const { sql, workspaceId } = tx;
  return sql<Row[]>`
    with known as materialized (${accountsOf(tx, known)}), beginnings as (
      select k.id, k.external_id, k.name, k.spelled, array_to_string(w.words[1:n.length], ' ') as beginning
      from known k
      cross join lateral (select string_to_array(k.spelled, ' ') as words) w
      cross join lateral generate_series(1, cardinality(w.words) - 1) as n (length)
      where not exists (select from account_parents p where p.workspace_id = ${workspaceId} and p.account_id = k.id
        and ${knownAt(sql, "p", known.version)} and p.from_on <= ${known.on}::date and (p.until_on is null or p.until_on > ${known.on}::date))
    ), suspected as (
      select distinct on (b.id) b.id, b.external_id, b.name, o.external_id as other_id, o.name as other
      from beginnings b join known o on o.spelled = b.beginning and o.id <> b.id
      where length(b.beginning) > 3
      order by b.id, length(b.beginning) desc, o.external_id collate "C"
    )
    select (count(*) over ())::integer as count, name, other, array[external_id, other_id] as subjects
    from suspected order by external_id collate "C" limit ${findingsMax}`;
}

async function findUnknown(tx: Tx, known: Known): Promise<readonly Row[]> {
  const { sql, workspaceId } = tx;
  return sql<Row[]>`
    with known as (${accountsOf(tx, known)})
    select (count(*) over ())::integer as count, name, '' as other, array[external_id] as subjects
    from known k
    where channel is null and region is null and industry is null and owner is null and exists (
      select from movements m where m.workspace_id = ${workspaceId} and m.account_id = k.id and m.ledger_version <= ${known.version})
    order by external_id collate "C" limit ${findingsMax}`;
}
