// The repository as the house rules see it: every file that is ours, its text without comments, and what it imports.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What tools write, and what is not kept under version control. */
const notOurs = new Set(["node_modules", ".git", ".accrete", ".pnpm-store", "dist", "generated", "coverage"]);
const notKept = /\.(tgz|log|tsbuildinfo)$|\.timestamp-/;

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name) || notKept.test(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}

/** Every file of ours, by its path from the root; generated ones are left out. */
export const files: readonly string[] = walk("").sort();

/** Our hand-written code. */
export const sources = files.filter((path) => /\.(ts|mjs)$/.test(path));

export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The text with every comment blanked out, line by line in its place; strings and templates stay. */
export function codeOf(path: string): string {
  const opaque = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return textOf(path).replace(opaque, (piece) => (/^\/[/*]/.test(piece) ? piece.replace(/[^\n]/g, " ") : piece));
}

export type Import = {
  /** As written. */
  readonly specifier: string;
  /** The file of ours that it names; null for a package of others. */
  readonly target: string | null;
  /** Erased when the types are: it brings no code along. */
  readonly typeOnly: boolean;
};

const importForms = [
  /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{][^;"']*?\sfrom\s+)?"([^"\n]+)"/gm,
  /\b(?:import|require\.resolve|vi\.mock)\(\s*()"([^"\n]+)"/g,
];

/** What a file imports, in every form: statements, re-exports, and calls. */
export function importsOf(path: string): readonly Import[] {
  const code = codeOf(path);
  return importForms.flatMap((form) =>
    [...code.matchAll(form)].map(([, type, specifier = ""]) => ({
      specifier,
      target: targetOf(path, specifier),
      typeOnly: type !== undefined && type !== "",
    })),
  );
}

function targetOf(path: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return posix.join(dirname(path), specifier);
  const ours = /^@accrete\/(\w+)(?:\/(.+))?$/.exec(specifier);
  return ours ? posix.join(ours[1] ?? "", ours[2] ?? "index.ts") : null;
}

/** "path:line: what" for every match of a pattern in the text given. */
export function findings(path: string, text: string, pattern: RegExp, what: string): string[] {
  const everywhere = new RegExp(pattern, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`);
  return [...text.matchAll(everywhere)].map(
    (match) => `${path}:${text.slice(0, match.index).split("\n").length}: ${what}: ${match[0].trim()}`,
  );
}

export type Outcome = { readonly status: number; readonly output: string };

/** Runs a program of the repository to its end, two minutes at most; never throws for its exit status. */
export async function runTool(args: readonly string[], cwd: string = root): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 120_000 });
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    return { status: typeof code === "number" ? code : 1, output: stdout + stderr };
  }
}
