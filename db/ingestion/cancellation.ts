// Stopping an import at once: whatever statement it is in is cancelled on the server, and its transaction rolls back.

import type { Database, Tx } from "../kernel/database.ts";

const againAfterMs = 200;
const patienceMs = 1_000;

/** Runs `work`; when the signal is aborted, cancels its statements until it fails, and throws the signal's reason. */
export async function cancellable<T>(
  context: { readonly database: Database; readonly tx: Tx; readonly signal: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const { database, tx, signal } = context;
  if (!signal) return work();
  signal.throwIfAborted();
  const [row] = await tx.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  let isOver = false;
  let cancelling: Promise<void> = Promise.resolve();
  let withdraw: () => void = () => {};
  const cancel = async () => {
    // Again and again: the first time may fall between two statements.
    while (!isOver) {
      const request = database.sql`select pg_cancel_backend(${row?.pid ?? 0})`;
      withdraw = () => request.cancel();
      await request.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
    }
  };
  const onAbort = () => {
    cancelling = cancel();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const result = await work();
    signal.throwIfAborted();
    return result;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    isOver = true;
    signal.removeEventListener("abort", onAbort);
    // Before the connection goes back to the pool, so that no later query of another one is cancelled. Where all connections of the pool
    // are taken, the request stands in line for this one, and is withdrawn.
    const giveUp = setTimeout(() => withdraw(), patienceMs);
    await cancelling;
    clearTimeout(giveUp);
  }
}
