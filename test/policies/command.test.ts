// `accrete policy` as its user meets it.

import { publicId } from "@accrete/db/kernel/ids.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runAccrete } from "../support/program.ts";
import { type World, world } from "../support/world.ts";

let db: TestDatabase;
let books: World;
beforeAll(async () => {
  db = await testDatabase();
  books = await world(db);
});
afterAll(() => db.drop());

async function run(...words: readonly string[]) {
  const workspace = ["--workspace", publicId("workspace", books.workspaceId)];
  const program = runAccrete(["policy", ...words, ...workspace], { DATABASE_URL: db.url("api") });
  const { code } = await program.end();
  return { code, text: program.text, errorText: program.errorText };
}

test("the default is shown, set, saved under a name, listed and logged", async () => {
  expect(await run("show")).toMatchObject({
    code: 0,
    text: `method=EVENT
accountLevel=ACCOUNT
hierarchyAt=LIVE
priceIncrease=EXPANSION
discountChange=EXPANSION
reactivation=SEPARATE
reactivationWindowDays=none
usage=BILLED_RECURRING
segmentAt=OPENING
netting=NONE
currency=CONSTANT

hash    44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
`,
  });
  expect((await run("set", "netting=month")).text).toMatch(/^netting=MONTH$[\s\S]*^preset {2}DBT_MRR_PLAYBOOK$/m);
  const saved = await run("save", "Board", "--preset", "MAXIO_90D", "method=SNAPSHOT", "reactivationWindowDays=none");
  expect(saved.text).toMatch(/^method=SNAPSHOT$[\s\S]*^reactivationWindowDays=none$[\s\S]*^usage=COMMITTED$/m);
  expect((await run("list")).text).toMatch(
    /^Board {2}\S+ \S+ {2}command {2}method=SNAPSHOT accountLevel=ACCOUNT .*netting=NONE/,
  );
  const before = await run("show", "--as-of", "1");
  expect(before.text).toMatch(/^netting=NONE$[\s\S]*^as of {3}1\nhash {4}[0-9a-f]{64}$/m);
  expect((await run("log")).text).toMatch(/ version 2 {2}command\n {2}netting: NONE -> MONTH\n$/);
  expect(await run("delete", "Board")).toMatchObject({ code: 0, text: "Deleted Board.\n" });
  expect(await run("list")).toMatchObject({ code: 0, text: "" });
}, 120_000);

test("a key, a value, a name and an instant that cannot be are told in a line", async () => {
  const failure = async (...words: string[]) => {
    const { code, errorText } = await run(...words);
    expect(code).toBe(1);
    return errorText;
  };
  expect(await failure("set", "mehtod=EVENT")).toMatch(/must be a key and a value, such as netting=MONTH/);
  expect(await failure("set", "method=SOMEHOW")).toBe(
    "accrete: 'SOMEHOW' is not a value of the policy key 'method'; these are: EVENT, SNAPSHOT.\n",
  );
  expect(await failure("set", "reactivationWindowDays=soon")).toMatch(/whole number of days from 0 to 36500/);
  expect(await failure("show", "--name", "Nobody")).toBe("accrete: No policy is saved under the name 'Nobody'.\n");
  expect(await failure("save", "GitLab")).toMatch(/is the name of a preset/);
  expect(await failure("show", "--as-of", "yesterday")).toMatch(/is not an instant/);
  expect(await failure("show", "--as-of", "999")).toMatch(/versions 1 to \d+; 999 is none of them/);
}, 120_000);
