// GraphiQL in a real browser, on the demo's books: the page reaches nothing but its own origin, and every example tab runs as it stands.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDemo } from "@accrete/api/demo/load.ts";
import { exampleTabs } from "@accrete/api/graphiql/tabs.ts";
import { type RunningServer, startServer } from "@accrete/api/server.ts";
import { readSettings } from "@accrete/api/settings.ts";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let db: TestDatabase;
let server: RunningServer;
let browser: Browser;
let page: Page;
/** Pictures for the eye of whoever changes the page: kept where TEST_SCREENSHOTS names a folder. */
let folder: string;
const requested: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  folder = process.env.TEST_SCREENSHOTS ?? (await mkdtemp(join(tmpdir(), "accrete-graphiql-")));
  db = await testDatabase();
  const { apiKey } = await loadDemo(db.api, {});
  server = await startServer({
    database: db.api,
    settings: readSettings({ PORT: "0" }),
    graphiql: { demoKey: apiKey },
  });
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
  context.on("request", (request) => requested.push(request.url()));
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A page that the policy keeps from something says so here.
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(new URL("/graphql", server.url).href);
  await page.getByRole("tab", { name: "Q4Dashboard" }).waitFor();
}, 180_000);

afterAll(async () => {
  if (process.env.TEST_SCREENSHOTS === undefined) await rm(folder, { recursive: true, force: true });
  await browser?.close();
  await server?.close(0);
  await db?.drop();
});

const nameOf = (tab: string) => /^query (\w+)/m.exec(tab)?.[1] ?? "";

/** Chooses the tab, runs it with the page's own button, and gives what came back over the wire. */
async function run(name: string): Promise<{ data?: Record<string, unknown>; errors?: unknown }> {
  const tab = page.getByRole("tab", { name });
  if ((await tab.getAttribute("aria-selected")) !== "true") {
    await tab.click();
    // The page writes the query into its address once it has read which operation the tab holds.
    await page.waitForFunction((text) => location.search.includes(text), name);
  }
  const answered = page.waitForResponse(
    (response) =>
      response.request().method() === "POST" && (response.request().postData() ?? "").includes(`query ${name}`),
  );
  await page.getByRole("button", { name: /^Execute query/ }).click();
  return (await answered).json();
}

it.each(exampleTabs.map(nameOf))("the tab %s runs as it stands, with the key from its headers", async (name) => {
  const { data, errors } = await run(name);
  expect(errors).toBeUndefined();
  expect(data).toBeDefined();
  await page.screenshot({ path: join(folder, `${name}.png`) });
});

it("the first tab shows the table of the fourth quarter", async () => {
  const { data = {} } = await run("Q4Dashboard");
  type Row = Record<"openingArr" | "expansionArr" | "contractionArr", string>;
  const { rows, total } = data.expansionMetrics as { rows: (Row & { group: { segment: string } })[]; total: Row };
  expect(rows.map((row) => [row.group.segment, row.openingArr, row.expansionArr, row.contractionArr])).toEqual([
    ["Enterprise", "2100000.00", "320000.00", "25000.00"],
    ["Mid-Market", "1400000.00", "185000.00", "38000.00"],
    ["SMB", "700000.00", "95000.00", "21000.00"],
  ]);
  expect(total).toMatchObject({ openingArr: "4200000.00", expansionArr: "600000.00", contractionArr: "84000.00" });
  // What the analyst sees, not only what was sent.
  await page.getByText('"Enterprise"').first().waitFor();
  await page.screenshot({ path: join(folder, "q4-dashboard.png") });
});

it("the docs open, and say what the schema says", async () => {
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByRole("link", { name: "Query", exact: true }).click();
  await page.getByText("What can be asked. One operation reads one snapshot").waitFor();
  await page.screenshot({ path: join(folder, "docs.png") });
});

it("nothing was asked of any other origin, and nothing was kept from loading", () => {
  const foreign = requested.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== server.url);
  expect(foreign).toEqual([]);
  expect(requested.filter((url) => url.includes("worker")).length).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
});

it("a page that is loaded again still runs, with the key of its headers", async () => {
  await page.reload();
  await page.getByRole("tab", { name: "AcmeStory" }).first().waitFor();
  const { data, errors } = await run("MovedInDecember");
  expect(errors).toBeUndefined();
  expect(data).toBeDefined();
});

it("what the analyst types as a key is not kept in the browser", async () => {
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(kept).not.toMatch(/accr_(demo|live)_/);
});
