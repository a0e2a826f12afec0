// Stopping an import at once: whatever statement it is in is cancelled on the server, and its transaction rolls back.

import type { Database, Tx } from "../kernel/database.ts";

const againAfterMs = 200;

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
  const cancel = async () => {
    // Again and again: the first time may fall between two statements.
    while (!isOver) {
      await database.sql`select pg_cancel_backend(${row?.pid ?? 0})`.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
    }
  };
  const onAbort = () => {
    cancelling = cancel();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await work();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    isOver = true;
    signal.removeEventListener("abort", onAbort);
    // Before the connection goes back to the pool: no later query of another one may be cancelled.
    await cancelling;
  }
}
