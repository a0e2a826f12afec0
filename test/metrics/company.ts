// Books in which everything moves at once: lines between plans and products, accounts between channels, owners, parents and bands,
// newcomers, leavers and returners, divided changes, reversals, movements without any line. For promises that hold for every grouping.

import type { World } from "../support/world.ts";
import { booksOf } from "./books.ts";

const basic = { product: "app", plan: "basic" } as const;
const pro = { product: "app", plan: "pro" } as const;
const solo = { product: "hub", plan: "solo" } as const;

/** The window in which it happens is January to July 2025. */
export async function writeCompany(world: World): Promise<ReturnType<typeof booksOf>> {
  const books = booksOf(world);
  await books.catalog("app/basic", "app/pro", "hub/solo");
  await books.account("holding");
  await books.account("group");

  await books.account("acme", {
    "1990-01-01": { channel: "web", region: "EU", owner: "ann", parent: "holding", attributes: { tier: "gold" } },
    "2025-02-15": { channel: "sales", region: "EU", owner: "ann", parent: "group", attributes: { tier: "gold" } },
    "2025-04-01": { channel: "sales", region: "US", owner: "bob", parent: "group", attributes: {} },
  });
  await books.move("acme", { on: "2023-05-01", what: "NEW", amount: 20_000, ...basic });
  await books.move("acme", {
    on: "2024-05-01",
    what: "EXPANSION/CROSS_SELL",
    amount: 3_000,
    ...solo,
    motion: "sales-led",
  });
  // On the day on which the channel and the parent change, a plan changes too, and the account grows.
  await books.transfer("acme", { on: "2025-02-15", amount: 12_000, from: ["app", "basic"], to: ["app", "pro"] });
  await books.move(
    "acme",
    {
      on: "2025-02-15",
      what: "EXPANSION/TIER",
      amount: 5_000,
      ...pro,
      motion: "sales-led",
      campaign: "spring",
      change: "up",
    },
    { on: "2025-02-15", what: "EXPANSION/TIER", amount: 1_000, ...basic, motion: "sales-led", change: "up" },
    { on: "2025-03-03", what: "CONTRACTION/SEAT", amount: -1_234.56, ...basic },
    { on: "2025-05-20", what: "EXPANSION/SEAT", amount: 90_000, ...pro, motion: "product-led" },
    { on: "2025-06-10", what: "CONTRACTION/PRICE", amount: -15_000, ...pro },
  );

  await books.account("bolt", {
    "1990-01-01": { region: "US", industry: "retail", attributes: { tier: "silver" } },
    "2025-03-01": { channel: "partner", region: "US", industry: "retail", attributes: { tier: "gold" } },
  });
  await books.move("bolt", { on: "2024-01-10", what: "NEW", amount: 30_000, ...pro });
  await books.transfer("bolt", { on: "2025-01-01", amount: 30_000, from: ["app", "pro"], to: ["app", "basic"] });
  await books.move("bolt", {
    on: "2025-01-01",
    what: "CONTRACTION/TIER",
    amount: -4_000,
    ...basic,
    campaign: "spring",
  });
  await books.move("bolt", { on: "2025-03-01", what: "CHURN", amount: -26_000, ...basic });
  await books.move("bolt", { on: "2025-05-05", what: "REACTIVATION", amount: 99_999.99, ...solo, motion: "marketing" });
  await books.move("bolt", { on: "2025-06-30", what: "EXPANSION/USAGE", amount: 0.01, ...solo });

  await books.account("crow", { "2025-02-01": { channel: "web", industry: "media" } });
  await books.move("crow", { on: "2025-01-20", what: "NEW", amount: 8_000 });
  await books.move("crow", { on: "2025-02-20", what: "EXPANSION/OTHER", amount: 17_000 });
  await books.move("crow", { on: "2025-04-20", what: "EXPANSION/ADD_ON", amount: 500, ...solo, campaign: "autumn" });

  await books.account("dove", { "1990-01-01": { channel: "web", region: "EU", parent: "holding" } });
  await books.move(
    "dove",
    { on: "2024-06-01", what: "NEW", amount: 101_000, ...basic },
    { on: "2024-06-01", what: "NEW", amount: 9_000, ...solo },
  );
  await books.move(
    "dove",
    { on: "2025-02-02", what: "CONTRACTION/DISCOUNT", amount: -20_000.01, ...basic },
    { on: "2025-03-31", what: "CHURN", amount: -80_999.99, ...basic },
    { on: "2025-03-31", what: "CHURN", amount: -9_000, ...solo },
  );

  await books.account("elm", { "1990-01-01": { channel: "sales", owner: "ann" } });
  await books.move("elm", { on: "2025-02-05", what: "NEW", amount: 1_000, ...solo });
  await books.move("elm", { on: "2025-02-25", what: "CHURN", amount: -1_000, ...solo });
  await books.move("elm", { on: "2025-06-05", what: "REACTIVATION", amount: 2_000, ...basic });

  await books.account("fern", { "1990-01-01": { channel: "web" } });
  await books.move("fern", { on: "2024-12-31", what: "NEW", amount: 25_000, ...basic });
  await books.move("fern", { on: "2025-01-01", what: "EXPANSION/PRICE", amount: 77, ...basic });
  await books.reverse("fern 2025-01-01 EXPANSION/PRICE");
  await books.move("fern", { on: "2025-01-01", what: "EXPANSION/PRICE", amount: 75_000, ...basic });
  return books;
}
