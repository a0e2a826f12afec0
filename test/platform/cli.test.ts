// The command as its user meets it: help that teaches, and one line for each usual failure.

import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { createProgram } from "@accrete/api/cli.ts";
import { settingsTable } from "@accrete/api/settings.ts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { temporaryDirectory } from "../support/directory.ts";
import { runAccrete } from "../support/program.ts";

type Told = { readonly code: number | null; readonly text: string; readonly errorText: string };

async function run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Told> {
  const program = runAccrete(words, environment);
  const { code } = await program.end();
  return { code, text: program.text, errorText: program.errorText };
}

/** What a failing command says: exactly one line, and the exit code 1. */
async function failureOf(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, text, errorText } = await run(words, environment);
  expect({ code, lines: errorText.split("\n").length - 1, isAll: text.endsWith(errorText) }, text).toEqual({
    code: 1,
    lines: 1,
    isAll: true,
  });
  return errorText.trimEnd();
}

/** A loopback port that something listens on for the length of the test. */
async function takenPort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void listener.close());
  const address = listener.address();
  return typeof address === "object" && address ? address.port : 0;
}

describe("the help", () => {
  test("of the command teaches by examples and names every sub-command", async () => {
    const { code, text } = await run(["--help"]);
    expect(code).toBe(0);
    expect(text).toContain("accrete import contract-lines lines.csv");
    for (const name of ["serve", "migrate", "import", "export", "demo", "doctor", "workspace", "keys"]) {
      expect(text).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    }
  });

  test("of serve lists every setting with its meaning", async () => {
    const { code, text } = await run(["serve", "--help"]);
    expect(code).toBe(0);
    for (const { variable, meaning } of Object.values(settingsTable)) {
      expect(text).toContain(variable);
      expect(text).toContain(meaning);
    }
  });

  test("of every sub-command says what it does", () => {
    const program = createProgram();
    const leaves = program.commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
    expect(leaves.length).toBeGreaterThanOrEqual(10);
    for (const command of leaves) {
      expect(command.description(), command.name()).toMatch(/^[A-Z].*\.$/);
      for (const option of command.options) expect(option.description, option.flags).not.toBe("");
    }
  });

  test("goes with the version", async () => {
    const { code, text } = await run(["--version"]);
    expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test("is offered for a command that does not exist, with the nearest one", async () => {
    const { code, text } = await run(["exprot"]);
    expect(code).toBe(1);
    expect(text).toContain("error: unknown command 'exprot'\n(Did you mean export?)");
  });
});

describe("a failure is told in one line:", () => {
  test("a setting that cannot be read", async () => {
    expect(await failureOf(["serve"], { PORT: "http" })).toBe(
      "accrete: PORT must be a whole number from 0 to 65535, not 'http'",
    );
  });

  test("the port is taken, before anything else is started", async () => {
    const port = await takenPort();
    const directory = await temporaryDirectory();
    expect(await failureOf(["serve"], { PORT: String(port), ACCRETE_DATA_DIR: directory })).toBe(
      `accrete: port ${port} of 127.0.0.1 is taken: stop what listens there, or choose another with PORT=`,
    );
    expect(await readdir(directory)).toEqual([]);
  });

  test("the embedded default would be open to other machines", async () => {
    expect(await failureOf(["serve"], { HOST: "0.0.0.0", ACCRETE_DATA_DIR: await temporaryDirectory() })).toBe(
      "accrete: HOST=0.0.0.0 would open the embedded default, whose key is printed, to other machines: " +
        "set DATABASE_URL, or leave HOST unset",
    );
  });

  test.each(["serve", "migrate", "export catalog", "keys list"])(
    "%s when nothing answers at DATABASE_URL",
    async (words) => {
      const port = await takenPort();
      // A socket that nobody made: like a port that nobody listens on, but sure to stay so.
      const url = `postgres://somebody@/books?host=${encodeURIComponent(await temporaryDirectory())}&port=${port}`;
      const line = await failureOf(words.split(" "), { PORT: "0", DATABASE_URL: url, DATABASE_OWNER_URL: url });
      expect(line).toMatch(
        /^accrete: the database at \S+ cannot be reached: nothing listens there\. Check DATABASE_URL/,
      );
    },
  );

  describe("on a database of one's own,", () => {
    let db: TestDatabase;
    let bare: TestDatabase;
    beforeAll(async () => {
      [db, bare] = await Promise.all([testDatabase(), testDatabase("empty")]);
    });
    afterAll(() => Promise.all([db.drop(), bare.drop()]));

    test("serving as the owner", async () => {
      const line = await failureOf(["serve"], { PORT: "0", DATABASE_URL: db.url("owner") });
      expect(line).toContain("accrete: the role 'accrete_owner' owns the table account_merges, so one workspace could");
    });

    test("a schema that was never made", async () => {
      expect(await failureOf(["serve"], { PORT: "0", DATABASE_URL: bare.url("api") })).toMatch(
        /^accrete: the database's schema is not up to date \(0 of \d+ migrations\): run 'accrete migrate' with DATABASE_OWNER_URL$/,
      );
    });

    test("migrating without the owner's address", async () => {
      expect(await failureOf(["migrate"], { DATABASE_URL: db.url("api") })).toBe(
        "accrete: DATABASE_OWNER_URL must be set: the role of DATABASE_URL serves, and may not change the schema",
      );
    });

    test("the owner's address alone", async () => {
      for (const words of [["serve"], ["export", "catalog"]]) {
        expect(await failureOf(words, { PORT: "0", DATABASE_OWNER_URL: db.url("owner") })).toBe(
          "accrete: DATABASE_OWNER_URL is set and DATABASE_URL is not: set the address of the role that answers",
        );
      }
    });

    test("a schema that is newer than the program", async () => {
      const later = await testDatabase();
      onTestFinished(() => later.drop());
      await later.owner.sql`insert into schema_migrations (hash, created_at) values ('later', 4102444800000)`;
      const addresses = { DATABASE_URL: later.url("api"), DATABASE_OWNER_URL: later.url("owner") };
      for (const words of [["serve"], ["migrate"], ["export", "catalog"]]) {
        expect(await failureOf(words, { PORT: "0", ...addresses })).toBe(
          "accrete: the database's schema is newer than this program: a later version of Accrete migrated it; run that version",
        );
      }
    });

    test("a workspace that is not named, not an id, or not there", async () => {
      const environment = { DATABASE_URL: db.url("api") };
      expect(await failureOf(["keys", "list"], environment)).toMatch(
        /^accrete: which workspace\? Name it with --workspace/,
      );
      expect(await failureOf(["keys", "list", "--workspace", "acme"], environment)).toMatch(
        /^accrete: --workspace must be an id such as wsp_\w{26}, not 'acme'$/,
      );
      const absent = "wsp_01h455vb4pex5vsknk084sn02q";
      expect(await failureOf(["keys", "list", "--workspace", absent], environment)).toBe(
        `accrete: there is no workspace ${absent} here`,
      );
      expect(await failureOf(["keys", "list"], { ...environment, ACCRETE_API_KEY: "accr_live_x" })).toBe(
        "accrete: the key of ACCRETE_API_KEY is not valid here: it is mistyped, revoked, expired or another database's",
      );
    });
  });
});

describe("on a database of one's own", () => {
  test("migrate makes the schema, and a workspace's keys can be made, listed, used and revoked", async () => {
    const db = await testDatabase("empty");
    onTestFinished(() => db.drop());
    const addresses = { DATABASE_URL: db.url("api"), DATABASE_OWNER_URL: db.url("owner") };
    expect((await run(["migrate"], addresses)).text).toMatch(
      /^The schema is current \((\d+) of \1\): \d+ migrations applied\.$/m,
    );
    expect((await run(["migrate"], addresses)).text).toMatch(/nothing to do\.$/m);

    const made = await run(["workspace", "create", "--name", "Acme", "--currency", "eur"], addresses);
    const [, workspace = "", firstKey = ""] = /^Workspace {2}(wsp_\w+)\nKey {8}(accr_live_\w+)$/m.exec(made.text) ?? [];
    const asKey = { ...addresses, ACCRETE_API_KEY: firstKey };
    const second = await run(["keys", "create", "--name", "dashboard", "--workspace", workspace], addresses);
    const [, keyId = ""] = /^Id {3}(key_\w+)$/m.exec(second.text) ?? [];
    const list = await run(["keys", "list"], asKey);
    const instant = String.raw`\d{4}-\d{2}-\d{2} \S+`;
    expect(list.text).toMatch(
      new RegExp(`^${keyId} {2}read {3}${instant} {2}dashboard\nkey_\\w+ {2}admin {2}${instant} {2}first key\n$`),
    );
    expect((await run(["keys", "revoke", keyId], asKey)).text).toBe(`Revoked ${keyId}.\n`);
    expect((await run(["keys", "list"], asKey)).text).toMatch(
      new RegExp(`^${keyId} .* dashboard {2}revoked ${instant}$`, "m"),
    );
    expect(list.text).not.toContain("accr_");
  });

  test("doctor finds nothing wrong with a sound one, and names every fault of another with its remedy", async () => {
    const db = await testDatabase();
    onTestFinished(() => db.drop());
    const sound = await run(["doctor"], {
      PORT: "0",
      DATABASE_URL: db.url("api"),
      DATABASE_OWNER_URL: db.url("owner"),
    });
    expect(sound).toMatchObject({ code: 0, errorText: "" });
    expect(sound.text).toMatch(/All is well\.\n$/);

    await db.owner.sql.unsafe("alter table movements no force row level security");
    const port = await takenPort();
    const faulty = await run(["doctor"], { PORT: String(port), DATABASE_URL: db.url("owner") });
    expect(faulty.code).toBe(1);
    expect(faulty.text.split("\n").filter((line) => line.startsWith("  WRONG"))).toEqual([
      expect.stringContaining(`address: port ${port} of 127.0.0.1 is taken`),
      expect.stringContaining("server's role: the role 'accrete_owner' owns the table"),
      expect.stringContaining(
        "row-level security: not forced on movements: as the owner run 'alter table movements force",
      ),
    ]);
    expect(faulty.text).toMatch(/3 of the above need mending\.\n$/);
  });
});
