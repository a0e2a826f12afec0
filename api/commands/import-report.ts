// What an import tells in words: what was booked, what was refused, why, and what to do.

import { type Fault, type FaultCode, faultCodes } from "@accrete/db/ingestion/faults.ts";
import type { ImportResult } from "@accrete/db/ingestion/store.ts";

const faultsShownMax = 25;

/** The result as lines for a terminal. */
export function reportOf(result: ImportResult): string {
  const lines = [headlineOf(result), countsOf(result), ...result.notices.map((notice) => `Note: ${notice}`)];
  if (result.faults.length > 0) lines.push("", ...faultTable(result));
  return lines.join("\n");
}

function headlineOf({ outcome, kind, dryRun, ledgerVersion }: ImportResult): string {
  const version = `ledger version ${ledgerVersion}`;
  switch (outcome) {
    case "BOOKED":
      return dryRun ? `${kind}: can be booked; this was a dry run, nothing was written` : `${kind}: booked, ${version}`;
    case "UNCHANGED":
      return `${kind}: in the books already, nothing changed, ${version}`;
    case "REFUSED":
      return `${kind}: refused, nothing was written, ${version}`;
  }
}

function countsOf(result: ImportResult): string {
  const counts = [
    `${shown(result.rowsRead)} ${result.rowsRead === 1 ? "row" : "rows"} read`,
    `${shown(result.rowsChanged)} changed`,
    `${shown(result.rowsUnchanged)} unchanged`,
    `${shown(result.rowsRefused)} refused`,
  ];
  const movements = [
    `${shown(result.movementsAppended)} movements appended`,
    `${shown(result.movementsReversed)} taken back`,
  ];
  const restated =
    result.restatements === 0
      ? ""
      : ` ${shown(result.restatements)} of all this restate${result.restatements === 1 ? "s" : ""} closed periods.`;
  return `${counts.join(", ")}; ${movements.join(", ")}.${restated}`;
}

/** The first faults in columns, then each code's fix once, then what is not shown. */
function faultTable({ faults, faultCounts }: ImportResult): string[] {
  const listed = faults.slice(0, faultsShownMax);
  const rows = [["line", "field", "code", "message"], ...listed.map(cellsOf)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const table = rows.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const codes = [...new Set(listed.map(({ code }) => code))];
  const total = Object.values(faultCounts).reduce((sum, count) => sum + count, 0);
  const rest =
    total > listed.length
      ? ["", `… and ${shown(total - listed.length)} more: ${countsByCode(faultCounts)}. --faults <file> writes all.`]
      : [];
  return [...table, "", "What to do:", ...codes.map((code) => `  ${code}: ${faultCodes[code].fix}`), ...rest];
}

function cellsOf({ line, field, code, message }: Fault): string[] {
  return [line === null ? "" : String(line), field ?? "", code, message];
}

function countsByCode(counts: Readonly<Partial<Record<FaultCode, number>>>): string {
  return Object.entries(counts)
    .map(([code, count]) => `${shown(count)} ${code}`)
    .join(", ");
}

function shown(count: number): string {
  return count.toLocaleString("en-US");
}
