// The command `accrete`: its sub-commands, its help, and how a failure is told. What each one does is in commands/.

import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { registerDemo } from "./commands/demo.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerExport } from "./commands/export.ts";
import { failureOf } from "./commands/failure.ts";
import { registerImport } from "./commands/import.ts";
import { registerKeys } from "./commands/keys.ts";
import { registerMigrate } from "./commands/migrate.ts";
import { registerPolicy } from "./commands/policy.ts";
import { registerServe } from "./commands/serve.ts";
import { registerWorkspace } from "./commands/workspace.ts";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

/** The whole command, ready to parse. */
export function createProgram(): Command {
  const program = new Command("accrete")
    .description("Expansion ARR from your contracts: a GraphQL metrics API on PostgreSQL.")
    .usage("<command> [options]")
    .version(version, "--version", "print the version")
    .showHelpAfterError("Run with --help to see what it takes.")
    .addHelpText(
      "after",
      `
Examples:
  accrete serve                                   start on demo data; nothing else is needed
  accrete import accounts accounts.csv            load your own accounts …
  accrete import contract-lines lines.csv         … and their contract lines
  accrete import --template contract-lines        print a sample file
  accrete export movements --out movements.csv    take the ledger out again
  accrete doctor                                  see what is wrong, and what to do

In a clone, 'npm run -s accrete --' stands for 'accrete'.
'accrete <command> --help' teaches each command; 'accrete serve --help' lists every setting.`,
    );
  registerServe(program);
  registerMigrate(program);
  registerImport(program);
  registerExport(program);
  registerDemo(program);
  registerDoctor(program);
  registerWorkspace(program);
  registerKeys(program);
  registerPolicy(program);
  return program;
}

/** Runs a command line (without the program's name); gives the exit code. Failures are told on standard error. */
export async function runCli(words: readonly string[]): Promise<number> {
  const program = createProgram();
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride();
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has said it already; asking for help is no failure.
    if (error instanceof CommanderError) return error.exitCode;
    console.error(failureOf(error));
    return 1;
  }
}
