// Whether the server may and can listen where it is told to: asked before anything else is started, so that the answer comes at once.

import { createServer } from "node:net";
import { OperatorError } from "@accrete/db/kernel/operator.ts";

type ListenAddress = { readonly host: string; readonly port: number };

/** Throws OperatorError when the port is taken or may not be used, naming it and the remedy. */
export async function requireFreePort(address: ListenAddress): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ ...address, exclusive: true }, resolve);
    });
  } catch (error) {
    throw listenFailure(error, address);
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

/** What a failed listen means for the operator; any other error as it is. */
export function listenFailure(error: unknown, { host, port }: ListenAddress): unknown {
  switch ((error as { code?: string }).code) {
    case "EADDRINUSE":
      return new OperatorError(
        `port ${port} of ${host} is taken: stop what listens there, or choose another with PORT=`,
      );
    case "EACCES":
      return new OperatorError(`port ${port} may not be used by this user: choose one above 1023 with PORT=`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new OperatorError(`HOST=${host} is not an address of this machine`);
    default:
      return error;
  }
}

/** Throws OperatorError for an address that other machines reach: the embedded default prints an admin key for its demo. */
export function requireLoopback(host: string): void {
  if (host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)) return;
  throw new OperatorError(
    `HOST=${host} would open the embedded default, whose key is printed, to other machines: set DATABASE_URL, or leave HOST unset`,
  );
}
