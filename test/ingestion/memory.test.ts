// A file larger than the memory it may take: rows go through, they do not pile up.

import { expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { Program } from "../support/program.ts";
import { world } from "../support/world.ts";

const rows = 200_000;
/** Makes a file of about 110 MB: held anywhere as a whole, as bytes, text or rows, it would break one of the two bounds. */
const charactersPerRow = 500;
const growthMibMax = 80;
const heapMibMax = 96;

it("checks and books 200,000 movements, then takes them back, in a process that grows by much less than the file", async () => {
  const db = await testDatabase();
  const { workspaceId } = await world(db);
  const words = [JSON.stringify(db.address("api")), workspaceId, String(rows), String(charactersPerRow)];
  const node = [`--max-old-space-size=${heapMibMax}`, "--import", "tsx", "test/ingestion/programs/import-movements.ts"];
  const program = new Program(process.execPath, [...node, ...words]);
  expect(await program.ended).toEqual({ code: 0, signal: null });
  const { growthMib, ...told } = JSON.parse(program.text);
  expect(told).toEqual({ outcome: "BOOKED", rowsRead: rows, movementsAppended: rows, faults: [] });
  expect(growthMib).toBeLessThan(growthMibMax);
  await db.drop();
}, 180_000);
