// Imports a file of movements that is made while it is read, and prints what came of it and by how much the process grew:
// import-movements.ts <address as JSON> <workspace uuid> <rows> <characters of a text in each row>.

import { type ImportRequest, importFile } from "@accrete/db/ingestion/store.ts";
import { connect, type DatabaseAddress } from "@accrete/db/kernel/database.ts";

const [address = "", workspaceId = "", rows = "", characters = ""] = process.argv.slice(2);
const rowsPerAccount = 20;
const rowsPerPiece = 500;

/** Each account has a NEW and then expansions, a day apart, accounts one after the other. */
function* pieces(rowCount: number): Generator<Uint8Array> {
  const text = "x".repeat(Number(characters));
  yield Buffer.from("movement_id,account_id,effective_on,type,driver,amount,currency,campaign\n");
  for (let start = 0; start < rowCount; start += rowsPerPiece) {
    let piece = "";
    for (let row = start; row < Math.min(start + rowsPerPiece, rowCount); row += 1) {
      const day = String(1 + (row % rowsPerAccount)).padStart(2, "0");
      const change = row % rowsPerAccount === 0 ? "NEW,," : "EXPANSION,SEAT,";
      piece += `m${row},a${Math.floor(row / rowsPerAccount)},2025-01-${day},${change}10.00,USD,${text}\n`;
    }
    yield Buffer.from(piece);
  }
}

const request: Omit<ImportRequest, "source"> = {
  kind: "movements",
  format: "csv",
  effect: "dry run",
  refusals: "all or nothing",
  unknownNames: "create",
  fileName: null,
  actor: "test",
};

const database = connect(JSON.parse(address) as DatabaseAddress, { connectionsMax: 2 });
// Once small, so that code and connections are no part of the growth.
await importFile(database, workspaceId, { ...request, source: pieces(2_000) });
const beforeBytes = process.memoryUsage().rss;
let peakBytes = beforeBytes;
const result = await importFile(database, workspaceId, {
  ...request,
  source: pieces(Number(rows)),
  onProgress: () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  },
});
peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
await database.close();
const { outcome, rowsRead, movementsAppended, faults } = result;
const growthMib = Math.round((peakBytes - beforeBytes) / 2 ** 20);
console.log(JSON.stringify({ outcome, rowsRead, movementsAppended, faults: faults.slice(0, 3), growthMib }));
