// `accrete serve` from start to end, as processes: what it leaves for scripts, how it stops, and that nothing outlives it.

import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { isAlive, processesIn } from "@accrete/db/kernel/processes.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { makeDirectory, removeDirectory, temporaryDirectory } from "../support/directory.ts";
import { Program, runAccrete } from "../support/program.ts";
import { world } from "../support/world.ts";

type DemoFile = { readonly endpoint: string; readonly apiKey: string; readonly pid: number };

const settings = (directory: string) => ({ PORT: "0", ACCRETE_DATA_DIR: directory });

async function readDemo(directory: string): Promise<DemoFile> {
  return JSON.parse(await readFile(join(directory, "demo.json"), "utf8")) as DemoFile;
}

async function ask({ endpoint, apiKey }: Pick<DemoFile, "endpoint" | "apiKey">): Promise<unknown> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query: "{ workspace { name } }" }),
  });
  return answer.json();
}

/** Everything that still runs in or for a data directory. */
async function remains(directory: string): Promise<readonly string[]> {
  const servers = await processesIn(join(directory, "postgres"));
  const files = ["demo.json", "accrete.lock", "socket"].filter((name) => existsSync(join(directory, name)));
  return [...servers.map(String), ...files];
}

/** A data directory with the demo in it, used by one server after another: loading it anew is what takes the time. */
let loaded: string;
beforeAll(async () => {
  loaded = await makeDirectory();
});
afterAll(() => removeDirectory(loaded));

/** Waits for what another process does in its own time. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 45_000, interval: 25 });

test("serve is ready with a demo that demo.json leads to; SIGTERM ends it with 0 and leaves nothing running", async () => {
  const directory = loaded;
  const serve = runAccrete(["serve"], settings(directory));
  const [, address, key] = await serve.sees(
    /Accrete is ready: (\S+)[\s\S]*Key of the demo workspace: (\S+)[\s\S]*Ready in \d/,
  );
  const demo = await readDemo(directory);
  expect(demo).toEqual({ endpoint: address, apiKey: key, pid: serve.pid });
  expect(demo.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  expect((await stat(join(directory, "demo.json"))).mode & 0o777).toBe(0o600);
  expect(await ask(demo)).toEqual({ data: { workspace: { name: expect.any(String) } } });

  const second = runAccrete(["serve"], settings(directory));
  expect(await second.end()).toEqual({ code: 1, signal: null });
  expect(second.errorText).toBe(
    `accrete: another Accrete (pid ${serve.pid}) is using ${directory}: stop it, or set ACCRETE_DATA_DIR to another folder\n`,
  );

  serve.kill("SIGTERM");
  expect(await serve.end()).toEqual({ code: 0, signal: null });
  expect(await remains(directory)).toEqual([]);
});

test("after kill -9 the next serve finds the demo again, with a new key; the old one is not valid any more", async () => {
  const directory = loaded;
  const killed = runAccrete(["serve"], settings(directory));
  await killed.sees(/Ready in/);
  const before = await readDemo(directory);
  killed.kill("SIGKILL");
  await killed.ended;

  const serve = runAccrete(["serve"], settings(directory));
  await serve.sees(/Ready in/);
  expect(serve.text).not.toContain("Loading the demo");
  const after = await readDemo(directory);
  expect(await ask(after)).toEqual({ data: { workspace: { name: expect.any(String) } } });
  expect(after.apiKey).not.toBe(before.apiKey);
  serve.kill("SIGINT");
  expect(await serve.end()).toEqual({ code: 0, signal: null });
});

test("a signal to npm alone stops the server that it started", async () => {
  const directory = loaded;
  const npm = new Program("npm", ["start"], settings(directory));
  await npm.sees(/Ready in/);
  const { pid } = await readDemo(directory);
  npm.kill("SIGKILL");
  await soon(() => isAlive(pid)).toBe(false);
  expect(await remains(directory)).toEqual([]);
});

test("a server started by a shell that ends stays", async () => {
  const directory = loaded;
  const shell = new Program("sh", ["-c", "npm start > /dev/null 2>&1 & echo started"], settings(directory));
  await shell.sees(/started/);
  await soon(() => existsSync(join(directory, "demo.json"))).toBe(true);
  const demo = await readDemo(directory);
  onTestFinished(() => void (isAlive(demo.pid) && process.kill(demo.pid, "SIGKILL")));
  // Longer than the watch for launchers takes to look again.
  let answers = 0;
  await expect.poll(async () => (await ask(demo)) && ++answers, { timeout: 45_000, interval: 100 }).toBeGreaterThan(12);
  process.kill(demo.pid, "SIGTERM");
  await soon(() => isAlive(demo.pid)).toBe(false);
  expect(await remains(directory)).toEqual([]);
});

test("serve on a database of one's own leaves no demo.json and stops the same way", async () => {
  const db = await testDatabase();
  onTestFinished(() => db.drop());
  const directory = await temporaryDirectory();
  const serve = runAccrete(["serve"], { ...settings(directory), DATABASE_URL: db.url("api") });
  const [, endpoint = ""] = await serve.sees(/Accrete is ready: (\S+)[\s\S]*Ready in/);
  expect(serve.text).not.toContain("demo");
  expect(await ask({ endpoint, apiKey: "accr_live_none" })).toMatchObject({
    errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
  expect(await remains(directory)).toEqual([]);
  serve.kill("SIGTERM");
  expect(await serve.end()).toEqual({ code: 0, signal: null });
});

test("a request that is under way when SIGTERM comes is answered, and new ones are refused", async () => {
  const db = await testDatabase();
  onTestFinished(() => db.drop());
  const { keys } = await world(db, { name: "Under way" });
  const serve = runAccrete(["serve"], { PORT: "0", DATABASE_URL: db.url("api") });
  const [, endpoint = ""] = await serve.sees(/Accrete is ready: (\S+)[\s\S]*Ready in/);
  const body = JSON.stringify({ query: "{ workspace { name } }" });
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${keys.read}`,
    "content-length": body.length,
  };
  const underWay = request(endpoint, { method: "POST", headers });
  const answered = once(underWay, "response");
  // Half of the request is there, and the server works on it, when the signal comes.
  underWay.write(body.slice(0, 10));
  await ask({ endpoint, apiKey: keys.read });
  serve.kill("SIGTERM");
  await serve.sees(/Stopping \(SIGTERM\)/);
  await expect
    .poll(
      () =>
        fetch(endpoint).then(
          () => "answered",
          () => "refused",
        ),
      { interval: 20 },
    )
    .toBe("refused");
  underWay.end(body.slice(10));
  const [response] = (await answered) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  expect(JSON.parse((await response.toArray()).join(""))).toEqual({ data: { workspace: { name: "Under way" } } });
  expect(await serve.end()).toEqual({ code: 0, signal: null });
});

test("a start that fails once PostgreSQL runs leaves nothing running", async () => {
  const directory = loaded;
  // Where demo.json should go there is something that cannot be replaced by it.
  const obstacle = join(directory, "demo.json");
  await mkdir(obstacle);
  onTestFinished(() => rm(obstacle, { recursive: true }));
  const serve = runAccrete(["serve"], settings(directory));
  expect(await serve.end()).toEqual({ code: 1, signal: null });
  expect(serve.errorText).toMatch(/^accrete: .*demo\.json.*\n$/);
  expect(await remains(directory)).toEqual(["demo.json"]);
});

test("when its PostgreSQL ends unasked, serve says so and ends with 1", async () => {
  const directory = loaded;
  const serve = runAccrete(["serve"], settings(directory));
  await serve.sees(/Ready in/);
  const [server = 0] = (await readFile(join(directory, "postgres", "postmaster.pid"), "utf8")).split("\n").map(Number);
  process.kill(server, "SIGINT");
  await serve.sees(/PostgreSQL has ended/);
  expect(await serve.end()).toEqual({ code: 1, signal: null });
  expect(await remains(directory)).toEqual([]);
});
