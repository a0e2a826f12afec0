// Every environment variable of Accrete, in one table: read and checked once, at the edge. `accrete serve --help` and docs/operations.md
// list the same rows.

import { type DatabaseAddress, parseDatabaseUrl } from "@accrete/db/kernel/database.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";

export type Settings = {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** The server's way to Postgres; null: the embedded default. */
  readonly database: DatabaseAddress | null;
  /** The owner's way: migrates and makes roles; never used to serve. */
  readonly databaseOwner: DatabaseAddress | null;
  /** Where the embedded default keeps its books, as given. */
  readonly dataDirectory: string;
  readonly poolSize: number;
  /** Bound of one import over HTTP. */
  readonly importBytesMax: number;
  /** Origins whose pages may call the API from a browser; none unless told. */
  readonly corsOrigins: readonly string[];
  readonly graphiql: "on" | "off";
  /** Names the workspace that a command means. */
  readonly apiKey: string | null;
};

type SettingEntry<Value> = {
  readonly variable: string;
  /** What applies when the variable is unset or empty; null: nothing. */
  readonly preset: string | null;
  readonly meaning: string;
  /** The value, or null when the text is not one. */
  readonly parse: (text: string) => Value | null;
  /** Completes "<VARIABLE> must be …". */
  readonly takes: string;
  /** Whether a fault may repeat the text: an address holds a password. */
  readonly secrecy: "plain" | "secret";
};

type Table = { readonly [Name in keyof Settings]: SettingEntry<NonNullable<Settings[Name]>> };

const address = {
  preset: null,
  parse: parseDatabaseUrl,
  takes: "an address such as postgres://user:password@host:5432/accrete",
  secrecy: "secret",
} as const;

export const settingsTable: Table = {
  port: {
    variable: "PORT",
    preset: "4000",
    meaning: "Port to listen on; 0 lets the system choose a free one.",
    parse: (text) => wholeNumber(text, 0, 65_535),
    takes: "a whole number from 0 to 65535",
    secrecy: "plain",
  },
  host: {
    variable: "HOST",
    preset: "127.0.0.1",
    meaning:
      "Address to listen on. Without DATABASE_URL only a loopback address is taken, because the demo's key is printed.",
    parse: (text) => (/^[0-9A-Za-z.:-]+$/.test(text) ? text : null),
    takes: "a host name or an IP address, without a port",
    secrecy: "plain",
  },
  database: {
    ...address,
    variable: "DATABASE_URL",
    meaning:
      "PostgreSQL 15 or newer, as the server's own plain role. Unset: a PostgreSQL of Accrete's own, in ACCRETE_DATA_DIR.",
  },
  databaseOwner: {
    ...address,
    variable: "DATABASE_OWNER_URL",
    meaning:
      "The same database as the role that owns it and may make roles. Used by 'accrete migrate' only, never to serve.",
  },
  dataDirectory: {
    variable: "ACCRETE_DATA_DIR",
    preset: ".accrete/",
    meaning: "Where the PostgreSQL of Accrete's own keeps the books, and demo.json while it serves.",
    parse: (text) => text,
    takes: "a folder",
    secrecy: "plain",
  },
  poolSize: {
    variable: "ACCRETE_POOL_SIZE",
    preset: "10",
    meaning: "Connections to PostgreSQL at most.",
    parse: (text) => wholeNumber(text, 1, 1_000),
    takes: "a whole number from 1 to 1000",
    secrecy: "plain",
  },
  importBytesMax: {
    variable: "ACCRETE_IMPORT_BYTES_MAX",
    preset: "2GiB",
    meaning: "Largest file that an import over HTTP takes; 'accrete import' has no bound.",
    parse: byteCount,
    takes: "a size such as 2147483648, 512MiB or 2GiB",
    secrecy: "plain",
  },
  corsOrigins: {
    variable: "ACCRETE_CORS_ORIGINS",
    preset: null,
    meaning: "Web origins whose pages may call the API, divided by commas. Unset: none.",
    parse: originList,
    takes: "origins such as https://app.example.com,https://admin.example.com",
    secrecy: "plain",
  },
  graphiql: {
    variable: "ACCRETE_GRAPHIQL",
    preset: "on",
    meaning: "The page that writes and runs queries in a browser.",
    parse: (text) => (text === "on" || text === "off" ? text : null),
    takes: "on or off",
    secrecy: "plain",
  },
  apiKey: {
    variable: "ACCRETE_API_KEY",
    preset: null,
    meaning: "The API key whose workspace a command means when it is given no --workspace.",
    parse: (text) => text,
    takes: "an API key",
    secrecy: "secret",
  },
};

/** Reads every setting; throws OperatorError for the first one that cannot be read. An empty variable counts as unset. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = <Value>(entry: SettingEntry<Value>): Value | null => {
    const text = environment[entry.variable]?.trim() || entry.preset;
    if (text === null) return null;
    const value = entry.parse(text);
    if (value !== null) return value;
    const given = entry.secrecy === "secret" ? "" : `, not '${text}'`;
    throw new OperatorError(`${entry.variable} must be ${entry.takes}${given}`);
  };
  const need = <Value>(entry: SettingEntry<Value>): Value => {
    const value = read(entry);
    if (value === null) throw new OperatorError(`${entry.variable} must be set`);
    return value;
  };
  return {
    port: need(settingsTable.port),
    host: need(settingsTable.host),
    database: read(settingsTable.database),
    databaseOwner: read(settingsTable.databaseOwner),
    dataDirectory: need(settingsTable.dataDirectory),
    poolSize: need(settingsTable.poolSize),
    importBytesMax: need(settingsTable.importBytesMax),
    corsOrigins: read(settingsTable.corsOrigins) ?? [],
    graphiql: need(settingsTable.graphiql),
    apiKey: read(settingsTable.apiKey),
  };
}

/** The table as the text of `accrete serve --help`. */
export function describeSettings(): string {
  return Object.values(settingsTable)
    .map(
      ({ variable, preset, meaning }) =>
        `  ${variable}${preset === null ? "" : ` (default ${preset})`}\n      ${meaning}`,
    )
    .join("\n");
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const value = Number(text);
  return /^\d{1,9}$/.test(text) && value >= min && value <= max ? value : null;
}

const byteUnits: Readonly<Record<string, number>> = { "": 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

function byteCount(text: string): number | null {
  const match = /^(\d{1,15})\s*(KiB|MiB|GiB)?$/i.exec(text);
  const bytes = match ? Number(match[1]) * (byteUnits[(match[2] ?? "").toLowerCase()] ?? 0) : 0;
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}

function originList(text: string): readonly string[] | null {
  const origins = text.split(",").map((part) => part.trim());
  const isOrigin = (origin: string) =>
    URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && new URL(origin).origin === origin;
  return origins.every(isOrigin) ? origins : null;
}
