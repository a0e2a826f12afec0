// The way to Postgres: one pool per process, and the one function that opens a workspace's transaction.

import { PgDialect } from "drizzle-orm/pg-core";
import { PostgresJsDatabase, PostgresJsSession } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** A URL, or the Unix socket of the embedded server, whose folder is its guard: it asks for a password only where set up to. */
export type DatabaseAddress =
  | { readonly url: string }
  | { readonly socketPath: string; readonly database: string; readonly user: string; readonly password?: string };

type PostgresTypes = { bigint: bigint };
export type Sql = postgres.Sql<PostgresTypes>;

/** A pool. `bigint` columns arrive as bigint, dates and instants as text, numerics as exact text. */
export type Database = { readonly sql: Sql; close(): Promise<void> };

/** A transaction in one workspace's context: hand-written SQL through `sql`, typed builders through `orm`. */
export type Tx = {
  readonly workspaceId: string;
  readonly sql: postgres.TransactionSql<PostgresTypes>;
  readonly orm: PostgresJsDatabase;
};

/** `read` sees one snapshot throughout and writes nothing; `write` commits or rolls back as a whole. */
export type TxMode = "read" | "write";

const dialect = new PgDialect();

const textTypes = {
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  json: 114,
  jsonb: 3802,
};

const asText = (value: string) => value;

/**
 * The address that a text such as postgres://user:password@host:5432/accrete means; null when it means none. A Unix socket is named as
 * everywhere: postgres://user@/accrete?host=/run/postgresql.
 */
export function parseDatabaseUrl(text: string): DatabaseAddress | null {
  // A URL with a user needs a host; an address of a socket has none there.
  const complete = text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@?)(?=\/)/, (start) =>
    /(@|\/\/)$/.test(start) ? `${start}localhost` : start,
  );
  if (!URL.canParse(complete)) return null;
  const url = new URL(complete);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!/^postgres(ql)?:$/.test(url.protocol) || url.hostname === "" || database === "") return null;
  const folder = url.searchParams.get("host");
  if (!folder?.startsWith("/")) return { url: complete };
  const socketPath = `${folder}/.s.PGSQL.${url.searchParams.get("port") ?? (url.port || "5432")}`;
  const user = decodeURIComponent(url.username) || url.searchParams.get("user");
  if (!user) return null;
  return { socketPath, database, user, ...(url.password ? { password: decodeURIComponent(url.password) } : {}) };
}

/** The role of an address and its password (null: none is given); null when the address names no role. */
export function loginOf(address: DatabaseAddress): { readonly user: string; readonly password: string | null } | null {
  if (!("url" in address)) return { user: address.user, password: address.password ?? null };
  const { username, password } = new URL(address.url);
  if (username === "") return null;
  return { user: decodeURIComponent(username), password: password === "" ? null : decodeURIComponent(password) };
}

export type DatabaseOptions = {
  /** Connections at most; 10 unless told. */
  readonly connectionsMax?: number;
  /** Names the process in pg_stat_activity. */
  readonly applicationName?: string;
  /** Called with the text of each statement that is sent, never with its values. */
  readonly onStatement?: (text: string) => void;
};

/** Opens a pool; no connection is made before the first query. */
export function connect(address: DatabaseAddress, options: DatabaseOptions = {}): Database {
  const { onStatement } = options;
  const settings = {
    max: options.connectionsMax ?? 10,
    ...(onStatement ? { debug: (_connection: number, text: string) => onStatement(text) } : {}),
    onnotice: () => {},
    types: {
      bigint: postgres.BigInt,
      text_only: { to: textTypes.date, from: Object.values(textTypes), serialize: asText, parse: asText },
    },
    connection: {
      application_name: options.applicationName ?? "accrete",
      // A killed importer must not commit: the server looks for its client while a statement runs.
      client_connection_check_interval: "1s",
      jit: "off",
      TimeZone: "UTC",
    },
  };
  const sql =
    "url" in address
      ? postgres(address.url, settings)
      : postgres({
          ...settings,
          path: address.socketPath,
          database: address.database,
          username: address.user,
          ...(address.password === undefined ? {} : { password: address.password }),
        });
  return { sql: sql as unknown as Sql, close: () => sql.end({ timeout: 5 }) };
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Runs `work` in a transaction that sees and writes one workspace's rows only. The context is a literal in SET LOCAL: unlike
 * set_config, it also reaches the workers of a distributed database, and unlike SET it ends with the transaction.
 */
export async function inWorkspace<T>(
  database: Database,
  workspaceId: string,
  mode: TxMode,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  if (!uuidPattern.test(workspaceId)) throw new TypeError("a workspace id is a lower-case uuid");
  const begin = mode === "read" ? "isolation level repeatable read read only" : "isolation level read committed";
  const result = await database.sql.begin(begin, async (sql) => {
    const context = sql.unsafe(`set local app.workspace_id = '${workspaceId}'`).execute();
    const session = new PostgresJsSession(sql as never, dialect, undefined);
    const [value] = await Promise.all([
      work({ workspaceId, sql, orm: new PostgresJsDatabase(dialect, session, undefined) }),
      context,
    ]);
    return { value };
  });
  return (result as { value: T }).value;
}
