// Who asks: the bearer key of a request, checked against the books at most every five seconds. Every failure gives the one 401.

import { createHash } from "node:crypto";
import { authenticate, type Identity } from "@accrete/db/identity/store.ts";
import type { Database } from "@accrete/db/kernel/database.ts";
import { AccreteError } from "@accrete/db/kernel/errors.ts";

/** How long a key's check counts, and so how long a revoked key may live on. */
const checkLifetimeMs = 5_000;
const checksMax = 1_000;

export type Doorkeeper = {
  /** Whom the Authorization header stands for; throws UNAUTHENTICATED, always with the same message. */
  identify(authorization: string | undefined): Promise<Identity>;
};

export type DoorkeeperOptions = {
  readonly database: Database;
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs?: () => number;
};

/** Checks keys, and remembers the right ones for a moment. Wrong ones are checked anew each time: memory is not theirs to fill. */
export function createDoorkeeper({ database, nowMs = () => performance.now() }: DoorkeeperOptions): Doorkeeper {
  const checks = new Map<string, { readonly identity: Identity; readonly untilMs: number }>();
  return {
    async identify(authorization) {
      const text = /^Bearer +([\x21-\x7e]{1,300}) *$/i.exec(authorization ?? "")?.[1];
      if (!text) throw unauthenticated();
      const name = createHash("sha256").update(text).digest("base64");
      const known = checks.get(name);
      if (known && known.untilMs > nowMs()) return known.identity;
      checks.delete(name);
      const identity = await authenticate(database, text);
      if (!identity) throw unauthenticated();
      const oldest = checks.keys().next();
      if (checks.size >= checksMax && !oldest.done) checks.delete(oldest.value);
      checks.set(name, { identity, untilMs: nowMs() + checkLifetimeMs });
      return identity;
    },
  };
}

function unauthenticated(): AccreteError {
  return new AccreteError("UNAUTHENTICATED", "A valid API key is required: send 'Authorization: Bearer <key>'.");
}
