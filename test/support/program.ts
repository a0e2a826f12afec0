// Programs of ours run as processes of their own: what they print is awaited line by line, with a deadline, and none outlives its test.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Shorter than a test's, so that a failure shows what the program printed. */
const deadlineMs = 50_000;

export type ProgramEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export class Program {
  readonly pid: number;
  /** Everything printed so far, on either stream. */
  text = "";
  errorText = "";
  readonly ended: Promise<ProgramEnd>;
  readonly #child: ChildProcess;
  #onText: () => void = () => {};
  #isOver = false;

  constructor(command: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const { NODE_OPTIONS: _, VITEST: __, ...inherited } = process.env;
    this.#child = spawn(command, words, {
      cwd: repository,
      env: { ...inherited, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.pid = this.#child.pid ?? 0;
    const take = (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#onText();
    };
    this.#child.stdout?.on("data", take);
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.errorText += chunk.toString();
      take(chunk);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        this.#isOver = true;
        resolve({ code, signal });
        this.#onText();
      });
    });
    onTestFinished(async () => {
      this.#child.kill("SIGKILL");
      await this.ended;
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first match of the pattern in what the program prints; fails when it ends, or the deadline passes, without one. */
  async sees(pattern: RegExp): Promise<RegExpExecArray> {
    return within(
      `'${pattern.source}' in the program's output`,
      () => this.text,
      (resolve, reject) => {
        const look = () => {
          const match = pattern.exec(this.text);
          if (match) resolve(match);
          else if (this.#isOver) {
            reject(new Error(`the program ended without printing '${pattern.source}':\n${this.text}`));
          }
        };
        this.#onText = look;
        look();
      },
    );
  }

  /** How it ended; fails when it does not end before the deadline. */
  end(): Promise<ProgramEnd> {
    return within(
      "the program's end",
      () => this.text,
      (resolve) => void this.ended.then(resolve),
    );
  }
}

/** Runs a TypeScript file of the repository. */
export function runScript(
  path: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Program {
  return new Program(process.execPath, ["--import", "tsx", path, ...words], environment);
}

/** Runs the command `accrete`. */
export function runAccrete(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Program {
  return new Program(process.execPath, ["api/bin/accrete.mjs", ...words], environment);
}

async function within<T>(
  what: string,
  context: () => string,
  work: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no ${what} within ${deadlineMs} ms:\n${context()}`)), deadlineMs);
      work(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}
