// `npm start` puts npm and a shell above this process, and a signal sent to npm's pid ends only those two. Who started us that way and
// is gone wants us gone too.

import { commandOf, isAlive, parentOf } from "@accrete/db/kernel/processes.ts";

const pollMs = 500;

/**
 * Calls `onGone` once when one of the launchers above this process (npm, npx, pnpm, tsx, and the shells between) has ended. Await it
 * before saying that the process is ready. Returns what stops the watch.
 */
export async function watchLaunchers(onGone: () => void): Promise<() => void> {
  const launchers = await findLaunchers();
  if (launchers.length === 0) return () => {};
  const timer = setInterval(() => {
    if (launchers.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function findLaunchers(): Promise<readonly number[]> {
  const chain: { pid: number; isShell: boolean }[] = [];
  for (let pid = await parentOf(process.pid); pid !== null && pid > 1; pid = await parentOf(pid)) {
    const command = (await commandOf(pid)) ?? "";
    const isShell = /^\S*\bsh -c\b/.test(command);
    if (!isShell && !/(^|[\s/\\])(npm|npx|pnpm|tsx)(-cli)?(\.[cm]?js)?(\s|$)/.test(command)) break;
    chain.push({ pid, isShell });
  }
  // A shell above the topmost launcher is the user's own: `sh -c 'npm start &'` ends at once, and means us to stay.
  const topmost = chain.findLastIndex(({ isShell }) => !isShell);
  return chain.slice(0, topmost + 1).map(({ pid }) => pid);
}
