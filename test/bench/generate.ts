// The benchmark's files: a SaaS company's five years, skewed as real ones are, the same at every run of the same size. About twenty
// movements to an account; written in pieces, so that memory measured later is the import's.

import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Random, randomNamed } from "@accrete/api/demo/random.ts";

/** Paths of CSV files. Both halves are of their own accounts: an account is fed by lines or by movements. */
export type BenchFiles = {
  readonly catalog: string;
  readonly lineAccounts: string;
  readonly lines: string;
  readonly movementAccounts: string;
  readonly movements: string;
};

/** Writes the files; `lines` and `movements` have exactly that many rows each. */
export async function writeBenchFiles(directory: string, rows: number): Promise<BenchFiles> {
  const files = {
    catalog: join(directory, "catalog.csv"),
    lineAccounts: join(directory, "line-accounts.csv"),
    lines: join(directory, "contract-lines.csv"),
    movementAccounts: join(directory, "movement-accounts.csv"),
    movements: join(directory, "movements.csv"),
  };
  await write(files.catalog, catalogRows());
  const lineAccounts = await write(files.lines, limited(rows, lineHeader, lineRows));
  await write(files.lineAccounts, accountRows("line", lineAccounts));
  const movementAccounts = await write(files.movements, limited(rows, movementHeader, movementRows));
  await write(files.movementAccounts, accountRows("flow", movementAccounts));
  return files;
}

/** Lines of text, and at the end how many accounts they spoke of. */
type Lines = Generator<string, number>;

async function write(path: string, lines: Lines): Promise<number> {
  let accounts = 0;
  function* pieces() {
    let piece = "";
    for (;;) {
      const next = lines.next();
      if (next.done) {
        accounts = next.value;
        break;
      }
      piece += `${next.value}\n`;
      if (piece.length > 65_536) {
        yield piece;
        piece = "";
      }
    }
    yield piece;
  }
  await pipeline(Readable.from(pieces()), createWriteStream(path));
  return accounts;
}

/** The header, then the rows of one account after another until there are enough. */
function* limited(rows: number, header: string, ofAccount: (account: number) => Iterable<string>): Lines {
  yield header;
  let left = rows;
  let account = 0;
  for (; left > 0; account += 1) {
    for (const row of ofAccount(account)) {
      if (left === 0) break;
      yield row;
      left -= 1;
    }
  }
  return account;
}

const days: readonly string[] = Array.from({ length: 1826 }, (_, index) =>
  new Date(Date.UTC(2021, 0, 1 + index)).toISOString().slice(0, 10),
);

const plans = [
  { product: "planner", plan: "planner-team", price: 29, isAddOn: false },
  { product: "planner", plan: "planner-business", price: 49, isAddOn: false },
  { product: "planner", plan: "planner-enterprise", price: 79, isAddOn: false },
  { product: "assist", plan: "assist", price: 10, isAddOn: true },
  { product: "insights", plan: "insights", price: 399, isAddOn: false },
] as const;

function* catalogRows(): Lines {
  yield "product_id,product_name,family,plan_id,plan_name,rank";
  yield "planner,Planner,Planning,planner-team,Team,1";
  yield "planner,Planner,Planning,planner-business,Business,2";
  yield "planner,Planner,Planning,planner-enterprise,Enterprise,3";
  yield "assist,Assist,Planning,assist,Assist,";
  yield "insights,Insights,Analytics,insights,Insights,";
  return 0;
}

const channels = ["Direct", "Partner", "Self-Serve", "Marketplace"];
const regions = ["North America", "EMEA", "APAC", "LATAM"];
const motions = ["product-led", "sales-led", "success-led", "marketing"];

function* accountRows(prefix: string, count: number): Lines {
  yield "account_id,name,channel,region";
  for (let account = 0; account < count; account += 1) {
    const random = randomNamed(`${prefix} ${account} attributes`);
    yield `${prefix}-${account},Company ${account},${random.pick(channels)},${random.pick(regions)}`;
  }
  return count;
}

const lineHeader =
  "line_id,contract_id,account_id,product_id,plan_id,kind,is_add_on,from_on,until_on,quantity,unit_price,discount_percent,billing_interval,currency,motion";

/** Many small accounts, few large ones. */
function seatsOf(random: Random): number {
  return random.weighted([
    [random.int(1, 12), 60],
    [random.int(12, 60), 30],
    [random.int(60, 200), 8],
    [random.int(200, 700), 2],
  ]);
}

function* lineRows(account: number): Iterable<string> {
  const random = randomNamed(`line ${account}`);
  const startsAt = random.int(0, 1300);
  const seats = seatsOf(random);
  yield* versionsOf(random, account, { plan: random.int(0, 2), startsAt, quantity: seats });
  if (random.chance(50))
    yield* versionsOf(random, account, { plan: 3, startsAt: startsAt + random.int(30, 300), quantity: seats });
  if (random.chance(35))
    yield* versionsOf(random, account, { plan: 4, startsAt: startsAt + random.int(30, 400), quantity: 1 });
}

type LineStart = { readonly plan: number; readonly startsAt: number; readonly quantity: number };

function* versionsOf(random: Random, account: number, start: LineStart): Iterable<string> {
  const lineId = `line-${account}-${start.plan}`;
  const endsAt = random.chance(12) ? Math.min(days.length, start.startsAt + random.int(200, 900)) : null;
  let { plan, quantity } = start;
  let priceCents = (plans[plan]?.price ?? 0) * 100;
  let discount = random.chance(20) ? 10 : 0;
  const lastAt = endsAt ?? days.length;
  for (let at = start.startsAt; at < lastAt; ) {
    const nextAt = at + random.int(45, 260);
    const isLast = nextAt >= lastAt;
    const until = isLast ? (endsAt === null ? "" : (days[endsAt] ?? "")) : days[nextAt];
    const { product = "", plan: planId = "", isAddOn = false } = plans[plan] ?? {};
    const price = `${Math.trunc(priceCents / 100)}.${String(priceCents % 100).padStart(2, "0")}`;
    yield `${lineId},contract-${account},line-${account},${product},${planId},RECURRING,${isAddOn},${days[at]},${until},${quantity},${price},${discount || ""},MONTH,USD,${random.pick(motions)}`;
    if (isLast) return;
    at = nextAt;
    switch (random.int(1, 10)) {
      case 1:
        priceCents = Math.trunc((priceCents * 105) / 100);
        break;
      case 2:
        discount = discount === 0 ? 10 : 0;
        break;
      case 3:
        quantity = Math.max(1, quantity - random.int(1, 1 + Math.trunc(quantity / 5)));
        break;
      case 4:
        if (plan < 2) {
          plan += 1;
          priceCents = (plans[plan]?.price ?? 0) * 100;
        }
        break;
      default:
        quantity += random.int(1, 1 + Math.trunc(quantity / 5));
    }
  }
}

const movementHeader =
  "movement_id,account_id,effective_on,type,driver,amount,currency,product_id,plan_id,kind,is_add_on,motion,campaign,booked_on";

const expansionDrivers = [
  ["SEAT", 50],
  ["TIER", 18],
  ["ADD_ON", 14],
  ["CROSS_SELL", 8],
  ["PRICE", 10],
] as const;

function* movementRows(account: number): Iterable<string> {
  const random = randomNamed(`flow ${account}`);
  let arr = 0;
  let had = false;
  let number = 0;
  for (let at = random.int(0, 500); at < days.length; at += random.int(20, 120)) {
    const { type, driver, amount } = nextMovement(random, arr, had);
    arr += amount;
    had = true;
    const plan = plans[random.int(0, 2)];
    yield `move-${account}-${number},flow-${account},${days[at]},${type},${driver},${amount}.00,USD,${plan?.product},${plan?.plan},RECURRING,false,${random.pick(motions)},,`;
    number += 1;
  }
}

type NextMovement = { readonly type: string; readonly driver: string; readonly amount: number };

/** Whole dollars. */
function nextMovement(random: Random, arr: number, had: boolean): NextMovement {
  if (arr === 0) return { type: had ? "REACTIVATION" : "NEW", driver: "", amount: seatsOf(random) * 588 };
  const kind = random.int(1, 100);
  if (kind <= 4) return { type: "CHURN", driver: "", amount: -arr };
  const part = Math.max(1, Math.trunc((arr * random.int(2, 20)) / 100));
  if (kind <= 24 && part < arr)
    return { type: "CONTRACTION", driver: random.pick(["SEAT", "SEAT", "TIER", "ADD_ON"]), amount: -part };
  return { type: "EXPANSION", driver: random.weighted(expansionDrivers), amount: part };
}
