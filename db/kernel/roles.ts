// The two database roles: the owner migrates, the server's login only reads and appends. Makes the second, and refuses to serve with a
// role that row-level security does not bind.

import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import type { Sql } from "./database.ts";
import { OperatorError } from "./operator.ts";

/** The group role that holds every grant of the API; made by the migrations. */
const apiRole = "accrete_api";

/** The login role of the server. `password` null: the server's door (a socket in a private folder) asks for none. */
export type ServerLogin = { readonly user: string; readonly password: string | null };

/** Makes the login role when it is missing, and a member of `accrete_api`. Runs as the owner; throws OperatorError naming the remedy. */
export async function grantServerRole(sql: Sql, login: ServerLogin): Promise<void> {
  const [self] = await sql<{ name: string }[]>`select current_user as name`;
  if (self?.name === login.user) {
    throw new OperatorError(
      `DATABASE_URL and DATABASE_OWNER_URL name the same role '${login.user}': give the server a role of its own, which 'accrete migrate' then makes`,
    );
  }
  const [role] = await sql<{ isMember: boolean }[]>`
    select pg_has_role(oid, ${apiRole}, 'MEMBER') as "isMember" from pg_roles where rolname = ${login.user}`;
  try {
    if (!role) {
      const verifier = login.password === null ? null : scramVerifier(login.password);
      await execute(
        sql,
        sql`select format(${verifier ? "create role %I login password %L" : "create role %I login"},
        ${login.user}::text, ${verifier}::text) as statement`,
      );
    }
    if (!role?.isMember) {
      await execute(sql, sql`select format('grant %I to %I', ${apiRole}::text, ${login.user}::text) as statement`);
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "42501") throw error;
    throw new OperatorError(
      `the role '${self?.name}' may not grant ${apiRole}: as a superuser run 'grant ${apiRole} to "${self?.name}" with admin option'`,
    );
  }
}

async function execute(sql: Sql, made: PromiseLike<readonly { statement?: string }[]>): Promise<void> {
  const [row] = await made;
  if (row?.statement) await sql.unsafe(row.statement);
}

/** What Postgres stores for a password. Made here, so that the password itself never reaches a server log. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const storedKey = createHash("sha256").update(hmac("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${hmac("Server Key").toString("base64")}`;
}

type RoleFacts = {
  readonly self: string;
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly bypassesSecurity: boolean;
  readonly makesRoles: boolean;
  readonly owned: string | null;
};

/**
 * Throws OperatorError unless row-level security binds the connection: neither the role it logged in as (what SET ROLE put on can be
 * put off again), nor any role that one can become, is a superuser, has BYPASSRLS or CREATEROLE, or owns a table or the database.
 */
export async function assertSafeRole(sql: Sql): Promise<void> {
  const roles = await sql<RoleFacts[]>`
    select session_user as self, r.rolname as name, r.rolsuper as "isSuperuser", r.rolbypassrls as "bypassesSecurity",
      r.rolcreaterole as "makesRoles",
      coalesce(
        (select 'the table ' || min(c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
        (select 'the database ' || d.datname from pg_database d where d.datdba = r.oid and d.datname = current_database())
      ) as owned
    from pg_roles r where pg_has_role(session_user, r.oid, 'MEMBER')
    order by r.rolname <> session_user, r.rolname`;
  for (const role of roles) {
    const fault = faultOf(role);
    if (fault === null) continue;
    const subject =
      role.name === role.self
        ? `the role '${role.self}' ${fault}`
        : `the role '${role.self}' can become '${role.name}', which ${fault}`;
    throw new OperatorError(
      `${subject}, so one workspace could read another's rows: give DATABASE_URL a plain role of its own (for example accrete_server) ` +
        "and run 'accrete migrate' with this one as DATABASE_OWNER_URL, which makes it",
    );
  }
}

function faultOf(role: RoleFacts): string | null {
  if (role.isSuperuser) return "is a superuser";
  if (role.bypassesSecurity) return "has BYPASSRLS";
  if (role.owned !== null) return `owns ${role.owned}`;
  if (role.makesRoles) return "has CREATEROLE";
  return null;
}

/** The tables with a workspace_id, and those of them whose row-level security is not both enabled and forced, or has no policy. */
export async function unguardedTables(
  sql: Sql,
): Promise<{ readonly guardedCount: number; readonly unguarded: readonly string[] }> {
  const tables = await sql<{ name: string; isGuarded: boolean }[]>`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity
      and exists (select from pg_policy p where p.polrelid = c.oid) as "isGuarded"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attname = 'workspace_id'
    order by c.relname`;
  const unguarded = tables.filter(({ isGuarded }) => !isGuarded).map(({ name }) => name);
  return { guardedCount: tables.length - unguarded.length, unguarded };
}
