// One process at a time holds a directory: a file naming its pid, made in one step, and taken over only from a process that is gone.
// What the holder writes into it tells others how to reach what it runs there.

import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { birthOf, isAlive } from "./processes.ts";

/** `birth` tells a process from a later one of the same pid. `note` is the holder's word to others; null until it has one. */
export type LockHolder<Note> = { readonly pid: number; readonly birth: string | null; readonly note: Note | null };

export type Lock<Note> = {
  /** Publishes how to reach what the holder runs. */
  publish(note: Note): Promise<void>;
  /** Gives the directory up; safe to call twice. */
  release(): Promise<void>;
};

/** Takes the lock, or says who holds it. A lock left by a process that is gone is taken over. */
export async function takeLock<Note>(file: string): Promise<{ lock: Lock<Note> } | { holder: LockHolder<Note> }> {
  const self: LockHolder<Note> = { pid: process.pid, birth: await birthOf(process.pid), note: null };
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      // A link appears whole or not at all: nobody ever reads a half-written lock.
      const isOurs = await link(draft, file).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return false;
          throw error;
        },
      );
      if (isOurs) return { lock: heldLock(file, self) };
      const text = await readText(file);
      if (text === null) continue;
      const holder = parse<Note>(text);
      if (holder && (await isHeld(holder))) return { holder };
      await removeStale(file, text);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Who holds the lock; null when nobody does. */
export async function lockHolder<Note>(file: string): Promise<LockHolder<Note> | null> {
  const text = await readText(file);
  const holder = text === null ? null : parse<Note>(text);
  return holder && (await isHeld(holder)) ? holder : null;
}

function heldLock<Note>(file: string, self: LockHolder<Note>): Lock<Note> {
  let isReleased = false;
  return {
    async publish(note) {
      const draft = `${file}.${self.pid}`;
      await writeFile(draft, JSON.stringify({ ...self, note }), { mode: 0o600 });
      await rename(draft, file);
    },
    async release() {
      if (isReleased) return;
      isReleased = true;
      await rm(file, { force: true });
    },
  };
}

async function isHeld(holder: LockHolder<unknown>): Promise<boolean> {
  return isAlive(holder.pid) && (await birthOf(holder.pid)) === holder.birth;
}

/** Moves the lock aside before removing it: when another process took it over meanwhile, its lock is put back. */
async function removeStale(file: string, staleText: string): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  if ((await readText(aside)) !== staleText) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parse<Note>(text: string): LockHolder<Note> | null {
  try {
    const holder = JSON.parse(text) as LockHolder<Note>;
    return Number.isInteger(holder.pid) ? holder : null;
  } catch {
    return null;
  }
}
