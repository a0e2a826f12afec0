// How far an import is: a bar where a terminal shows one, plain lines where none does.

import type { ImportProgress } from "@accrete/db/ingestion/staging.ts";
import { SingleBar } from "cli-progress";

export type ProgressTeller = {
  readonly update: (progress: ImportProgress) => void;
  /** Takes the bar away. */
  readonly end: () => void;
};

/** Standard error, as far as it is written to. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type ProgressOptions = {
  readonly stream: ProgressStream;
  /** Null where it cannot be known: then there is no bar. */
  readonly bytesTotal: number | null;
};

/** A plain line is told after so many rows: lines by the clock would differ from run to run. */
export const rowsPerLine = 100_000;

const phases: Readonly<Record<ImportProgress["phase"], string>> = {
  reading: "Reading",
  checking: "Checking against the books",
  writing: "Writing",
};

export function tellProgress({ stream, bytesTotal }: ProgressOptions): ProgressTeller {
  const startedMs = performance.now();
  const rowsPerSecond = (rows: number) => Math.round((rows * 1_000) / Math.max(1, performance.now() - startedMs));
  return stream.isTTY && bytesTotal !== null && bytesTotal > 0
    ? barTeller(stream, bytesTotal, rowsPerSecond)
    : lineTeller(stream, rowsPerSecond);
}

function barTeller(
  stream: ProgressStream,
  bytesTotal: number,
  rowsPerSecond: (rows: number) => number,
): ProgressTeller {
  const bar = new SingleBar({
    format: "{phase} {bar} {percentage}%  {rows} rows  {speed} rows/s  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    stream,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
  });
  bar.start(bytesTotal, 0, { phase: phases.reading, rows: "0", speed: "0" });
  let isShown = true;
  const hide = () => {
    if (isShown) bar.stop();
    isShown = false;
  };
  return {
    update({ phase, bytesRead, rowsRead }) {
      if (phase === "reading") {
        bar.update(bytesRead, { rows: shown(rowsRead), speed: shown(rowsPerSecond(rowsRead)) });
        return;
      }
      // Reading is over: the server works on all rows at once, and tells nothing in between.
      hide();
      stream.write(`${phases[phase]}: ${rowsShown(rowsRead)} …\n`);
    },
    end: hide,
  };
}

function lineTeller(stream: ProgressStream, rowsPerSecond: (rows: number) => number): ProgressTeller {
  let toldRows = 0;
  return {
    update({ phase, rowsRead }) {
      if (phase === "reading" && rowsRead < toldRows + rowsPerLine) return;
      if (phase === "reading") toldRows = rowsRead;
      const speed = phase === "reading" ? `, ${shown(rowsPerSecond(rowsRead))} rows/s` : "";
      stream.write(`${phases[phase]}: ${rowsShown(rowsRead)}${speed}\n`);
    },
    end() {},
  };
}

function shown(count: number): string {
  return count.toLocaleString("en-US");
}

function rowsShown(count: number): string {
  return `${shown(count)} ${count === 1 ? "row" : "rows"}`;
}
