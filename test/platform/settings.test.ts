// Settings come from the environment; what cannot be read is refused in one line.

import { readFileSync } from "node:fs";
import { readSettings, settingsTable } from "@accrete/api/settings.ts";
import { OperatorError } from "@accrete/db/kernel/operator.ts";
import { expect, test } from "vitest";

test("without any variable the embedded default is served on loopback, port 4000", () => {
  expect(readSettings({})).toEqual({
    port: 4000,
    host: "127.0.0.1",
    database: null,
    databaseOwner: null,
    dataDirectory: ".accrete/",
    poolSize: 10,
    importBytesMax: 2_147_483_648,
    corsOrigins: [],
    graphiql: "on",
    apiKey: null,
  });
});

test("an empty variable counts as unset", () => {
  expect(readSettings({ PORT: "", DATABASE_URL: "  " })).toEqual(readSettings({}));
});

test("every variable is read into its setting", () => {
  const settings = readSettings({
    PORT: "0",
    HOST: "::1",
    DATABASE_URL: "postgres://accrete_server:p%40ss@db:5432/books",
    DATABASE_OWNER_URL: "postgresql://accrete_owner@db/books",
    ACCRETE_DATA_DIR: "elsewhere",
    ACCRETE_POOL_SIZE: "3",
    ACCRETE_IMPORT_BYTES_MAX: "512 MiB",
    ACCRETE_CORS_ORIGINS: "https://app.example.com, http://localhost:3000",
    ACCRETE_GRAPHIQL: "off",
    ACCRETE_API_KEY: "accr_live_x",
  });
  expect(settings).toEqual({
    port: 0,
    host: "::1",
    database: { url: "postgres://accrete_server:p%40ss@db:5432/books" },
    databaseOwner: { url: "postgresql://accrete_owner@db/books" },
    dataDirectory: "elsewhere",
    poolSize: 3,
    importBytesMax: 536_870_912,
    corsOrigins: ["https://app.example.com", "http://localhost:3000"],
    graphiql: "off",
    apiKey: "accr_live_x",
  });
});

test.each([
  ["PORT", "http", "PORT must be a whole number from 0 to 65535, not 'http'"],
  ["PORT", "65536", "PORT must be a whole number from 0 to 65535, not '65536'"],
  ["PORT", "4e3", "PORT must be a whole number from 0 to 65535, not '4e3'"],
  ["HOST", "http://localhost", "HOST must be a host name or an IP address, without a port, not 'http://localhost'"],
  ["ACCRETE_POOL_SIZE", "0", "ACCRETE_POOL_SIZE must be a whole number from 1 to 1000, not '0'"],
  [
    "ACCRETE_IMPORT_BYTES_MAX",
    "2 GB",
    "ACCRETE_IMPORT_BYTES_MAX must be a size such as 2147483648, 512MiB or 2GiB, not '2 GB'",
  ],
  ["ACCRETE_GRAPHIQL", "yes", "ACCRETE_GRAPHIQL must be on or off, not 'yes'"],
  [
    "ACCRETE_CORS_ORIGINS",
    "https://app.example.com/page",
    "ACCRETE_CORS_ORIGINS must be origins such as https://app.example.com,https://admin.example.com, not 'https://app.example.com/page'",
  ],
])("%s=%s is refused in a line that says what it takes", (variable, text, message) => {
  expect(() => readSettings({ [variable]: text })).toThrow(message);
});

test("a database may be reached through a Unix socket", () => {
  const { database, databaseOwner } = readSettings({
    DATABASE_URL: "postgres://accrete_server@/books?host=/run/postgresql",
    DATABASE_OWNER_URL: "postgres://accrete_owner:p%40ss@localhost:6543/books?host=/tmp/a%20b",
  });
  const books = { database: "books" };
  expect(database).toEqual({ ...books, socketPath: "/run/postgresql/.s.PGSQL.5432", user: "accrete_server" });
  expect(databaseOwner).toEqual({
    ...books,
    socketPath: "/tmp/a b/.s.PGSQL.6543",
    user: "accrete_owner",
    password: "p@ss",
  });
});

test("a database address that cannot be read is refused without repeating its password", () => {
  const message = "DATABASE_URL must be an address such as postgres://user:password@host:5432/accrete";
  for (const text of [
    "mysql://root:hunter2@db/books",
    "postgres://user:hunter2@db",
    "postgres://:hunter2@/",
    "hunter2",
  ]) {
    expect(() => readSettings({ DATABASE_URL: text })).toThrow(new OperatorError(message));
  }
});

test("no two settings share a variable, and each says what it means", () => {
  const entries = Object.values(settingsTable);
  expect(new Set(entries.map(({ variable }) => variable)).size).toBe(entries.length);
  for (const { meaning } of entries) expect(meaning).toMatch(/^[A-Z].*\.$/);
});

test("docs/operations.md lists every setting as the table does", () => {
  const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const rows = Object.values(settingsTable).map(({ variable, preset, meaning }) => {
    return `| \`${variable}\` | ${preset === null ? "" : `\`${preset}\``} | ${meaning} |`;
  });
  expect(page.split("\n").filter((line) => /^\| `[A-Z_]+` \|/.test(line))).toEqual(rows);
});
