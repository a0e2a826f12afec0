// Imports over HTTP.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity } from "@accrete/db/identity/store.ts";
import type { Database } from "@accrete/db/kernel/database.ts";
import type { Settings } from "./settings.ts";

export type ImportCall = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly kind: string;
  readonly search: URLSearchParams;
  readonly identity: Identity;
  readonly requestId: string;
};

export function importHandler(_options: {
  readonly database: Database;
  readonly settings: Settings;
}): (call: ImportCall) => Promise<void> {
  return async () => {
    throw new Error("not yet");
  };
}
