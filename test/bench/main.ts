// `pnpm bench`: one run that measures the product beside its floors on scratch books, prints one table, and leaves nothing behind.

import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { openScratchBooks } from "./books.ts";
import { makeCopyTables } from "./copying.ts";
import { writeBenchFiles } from "./generate.ts";
import { type ImportFigures, measureLines, measureMovements } from "./imports.ts";
import { median, percentile, table, whole } from "./measure.ts";
import { measureDashboard, type QuestionFigures } from "./questions.ts";

const usage = `pnpm bench [--size <rows>] [--rounds <n>] [--questions <n>]

  --size       contract lines, and as many ready-made movements (default 100000, at most 10000000)
  --rounds     turns of each import and of COPY beside it (default 3)
  --questions  times that the dashboard is asked each way (default 200; stops after 60 s)`;

/** Runs the benchmark; gives the exit code. */
export async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (options === null) {
    console.log(usage);
    return words.includes("--help") ? 0 : 1;
  }
  const books = await openScratchBooks();
  try {
    const { size, rounds, questions } = options;
    console.error(`Writing files of ${whole(size)} rows …`);
    const files = await writeBenchFiles(books.directory, size);
    await makeCopyTables(books.owner);
    console.error("Importing contract lines …");
    const lines = await measureLines(books, files, rounds);
    const lineRow = importRow("contract lines, derived, rows/s", size, lines);
    console.error(`  ${lineRow.slice(1).join("  ")}\nImporting movements …`);
    const movements = await measureMovements(books, files, rounds);
    const movementRow = importRow("ready-made movements, rows/s", size, movements);
    console.error(`  ${movementRow.slice(1).join("  ")}`);
    console.error("Asking the dashboard …");
    await books.owner.sql.unsafe("analyze");
    const ofMovements = await measureDashboard(books, movements.workspaceId, { questions, secondsMax: 60 });
    const ofLines = await measureDashboard(books, lines.workspaceId, { questions, secondsMax: 60 });
    console.log(machine(books.postgresVersion, options));
    console.log(
      table(
        ["what", "Accrete", "floor", "ratio", "note"],
        [
          lineRow,
          movementRow,
          ...questionRows("dashboard, ledger of movements", ofMovements),
          ...questionRows("dashboard, ledger derived from lines", ofLines),
        ],
      ),
    );
    return 0;
  } finally {
    await books.close();
  }
}

type Options = { readonly size: number; readonly rounds: number; readonly questions: number };

function readOptions(words: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: words.filter((word) => word !== "--"),
      options: { size: { type: "string" }, rounds: { type: "string" }, questions: { type: "string" } },
    });
    const size = bounded(values.size ?? "100000", 1_000, 10_000_000);
    const rounds = bounded(values.rounds ?? "3", 1, 20);
    const questions = bounded(values.questions ?? "200", 1, 10_000);
    return size === null || rounds === null || questions === null ? null : { size, rounds, questions };
  } catch {
    return null;
  }
}

function bounded(text: string, min: number, max: number): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= min && value <= max ? value : null;
}

function machine(postgresVersion: string, { size, rounds }: Options): string {
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `${whole(size)} rows, ${rounds} rounds; ${cpus().length} cores, ${memoryGib} GiB, Node ${process.version}, PostgreSQL ${postgresVersion}\n`;
}

/** Medians over the rounds; COPY of the same file is the floor. */
function importRow(what: string, rows: number, figures: ImportFigures): string[] {
  const ours = rows / (median(figures.importMs) / 1000);
  const floor = rows / (median(figures.copyMs) / 1000);
  const note = `${whole(figures.movementsAppended)} movements; memory at most ${whole(figures.rssPeakMib)} MiB`;
  return [what, whole(ours), whole(floor), `${((100 * ours) / floor).toFixed(0)} %`, note];
}

function questionRows(what: string, { graphqlMs, handMs }: QuestionFigures): string[][] {
  return [50, 95].map((p) => {
    const ours = percentile(graphqlMs, p);
    const floor = percentile(handMs, p);
    return [
      `${what}, p${p} ms`,
      ours.toFixed(1),
      floor.toFixed(1),
      `${(ours / floor).toFixed(2)} ×`,
      `${graphqlMs.length} questions each way`,
    ];
  });
}
