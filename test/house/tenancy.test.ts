// What the catalog of a migrated database must show, so that no workspace ever sees another's rows, the ledger is only appended, and
// the tables can one day be distributed by workspace_id.

import { connect, type Database } from "@accrete/db/kernel/database.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

/** Tables that belong to no workspace. */
const shared = ["schema_migrations"];

const ledger = ["movements", "transfers", "commits"];

let database: TestDatabase;
let catalog: Database;

beforeAll(async () => {
  database = await testDatabase();
  catalog = connect(database.address("superuser"), { connectionsMax: 1 });
});

afterAll(async () => {
  await catalog?.close();
  await database?.drop();
});

async function rows(query: string): Promise<string[]> {
  const found = await catalog.sql.unsafe<{ name: string }[]>(query);
  return found.map(({ name }) => name);
}

const tables = (condition: string) => `select relname as name from pg_class c
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and (${condition}) order by 1`;

const isTenant = `relname <> all ('{${shared.join(",")}}')`;

/** Whether an index or a constraint of table `t` has workspace_id as its first column. */
const leads = (columns: string, table: string) =>
  `exists (select from pg_attribute a where a.attrelid = ${table} and a.attnum = ${columns} and a.attname = 'workspace_id')`;

describe("every tenant table", () => {
  it("has a workspace_id that is never null; only the shared tables named here have none", async () => {
    const named = `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and a.attnotnull
      and a.atttypid = 'uuid'::regtype)`;
    expect(await rows(tables(`not ${named}`))).toEqual(shared);
    expect((await rows(tables(named))).length).toBeGreaterThan(10);
  });

  it("enables row-level security and forces it on its owner too", async () => {
    expect(await rows(tables(`${isTenant} and not (relrowsecurity and relforcerowsecurity)`))).toEqual([]);
  });

  it("has one policy, for every command and role, that reads and checks the transaction's workspace and nothing else", async () => {
    const policies = await catalog.sql.unsafe<Record<string, unknown>[]>(
      `select tablename, count(*) over (partition by tablename)::int as count, permissive, cmd, roles::text, qual, with_check
       from pg_policies where schemaname = 'public' order by tablename`,
    );
    const own = "(workspace_id = (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid)";
    const expected = { count: 1, permissive: "PERMISSIVE", cmd: "ALL", roles: "{public}", qual: own, with_check: own };
    expect(policies.map(({ tablename, ...policy }) => [tablename, policy])).toEqual(
      (await rows(tables(isTenant))).map((table) => [table, expected]),
    );
  });

  it("leads every primary key, unique key and foreign key with workspace_id, and has a primary key", async () => {
    const unled = `select conrelid::regclass || '.' || conname as name from pg_constraint
      where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f') and conrelid::regclass::text not in ('${shared.join("','")}')
      and not (${leads("conkey[1]", "conrelid")} and (contype <> 'f' or ${leads("confkey[1]", "confrelid")}))`;
    expect(await rows(unled)).toEqual([]);
    const keyless = `${isTenant} and not exists (select from pg_constraint k where k.conrelid = c.oid and contype = 'p')`;
    expect(await rows(tables(keyless))).toEqual([]);
  });

  it("leads every index with workspace_id", async () => {
    const unled = `select indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
      where c.relnamespace = 'public'::regnamespace and ${isTenant} and not ${leads("i.indkey[0]", "i.indrelid")}`;
    expect(await rows(unled)).toEqual([]);
  });

  it("has no trigger, no rule, no foreign key that sets null, and no identity or serial column", async () => {
    const inPublic = "c.relnamespace = 'public'::regnamespace";
    expect(
      await rows(
        `select tgname as name from pg_trigger t join pg_class c on c.oid = tgrelid where not tgisinternal and ${inPublic}`,
      ),
    ).toEqual([]);
    expect(
      await rows(
        `select rulename as name from pg_rewrite r join pg_class c on c.oid = ev_class where c.relkind = 'r' and ${inPublic}`,
      ),
    ).toEqual([]);
    expect(
      await rows(
        `select conname as name from pg_constraint where contype = 'f' and (confdeltype in ('n', 'd') or confupdtype in ('n', 'd'))`,
      ),
    ).toEqual([]);
    expect(
      await rows(`select relname || '.' || attname as name from pg_attribute a join pg_class c on c.oid = attrelid
        where ${inPublic} and attidentity <> ''`),
    ).toEqual([]);
    const sequences = `select relname as name from pg_class c where relkind = 'S' and ${inPublic}`;
    expect((await rows(sequences)).filter((name) => !shared.includes(name.replace(/_id_seq$/, "")))).toEqual([]);
  });

  it("keeps money as bigint, and knows no float", async () => {
    const floats = `select relname || '.' || attname as name from pg_attribute a join pg_class c on c.oid = attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and attnum > 0
      and (atttypid in ('real'::regtype, 'double precision'::regtype, 'money'::regtype)
        or (attname like '%\\_minor' and atttypid <> 'bigint'::regtype))`;
    expect(await rows(floats)).toEqual([]);
  });
});

describe("the role that the API runs as", () => {
  const held = (privilege: string) => tables(`has_table_privilege('accrete_api', c.oid, '${privilege}')`);

  it("reads and appends", async () => {
    const all = await rows(tables(isTenant));
    expect((await rows(held("select"))).filter((table) => !shared.includes(table))).toEqual(all);
    expect(await rows(held("insert"))).toEqual(all);
  });

  it("cannot change or remove anything of the ledger, nor empty any table", async () => {
    const changed = `select distinct relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
      and has_column_privilege('accrete_api', c.oid, attnum, 'update')`;
    expect((await rows(changed)).filter((table) => ledger.includes(table))).toEqual([]);
    for (const privilege of ["delete", "truncate", "trigger", "references"]) {
      expect(await rows(held(privilege)), privilege).toEqual([]);
    }
  });

  it("owns nothing, and passes no policy by", async () => {
    const [role] = await catalog.sql.unsafe<Record<string, boolean>[]>(
      `select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = 'accrete_api'`,
    );
    expect(Object.entries(role ?? { missing: true }).filter(([, has]) => has)).toEqual([]);
    expect(await rows(tables(`relowner = 'accrete_api'::regrole`))).toEqual([]);
  });

  it("can call no function of ours that runs with its owner's rights", async () => {
    const definer = `select proname as name from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`;
    expect(await rows(definer)).toEqual([]);
  });
});
