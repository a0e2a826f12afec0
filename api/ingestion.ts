// Imports over HTTP: who may, in what form, how large, how slow, how many at once. The rows are db/ingestion's work.

import type { IncomingMessage, ServerResponse } from "node:http";
import { allows } from "@accrete/db/identity/scopes.ts";
import type { Identity } from "@accrete/db/identity/store.ts";
import { importKinds } from "@accrete/db/ingestion/kinds.ts";
import type { ImportFormat } from "@accrete/db/ingestion/reading.ts";
import { type ImportResult, importFile } from "@accrete/db/ingestion/store.ts";
import type { Database } from "@accrete/db/kernel/database.ts";
import { AccreteError, badInput } from "@accrete/db/kernel/errors.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import { extensionsOf } from "./errors.ts";
import { send, sendRefusal } from "./http.ts";
import type { Settings } from "./settings.ts";
import { createTurnstile } from "./turnstile.ts";

export type ImportCall = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As the address says it. */
  readonly kind: string;
  readonly search: URLSearchParams;
  readonly identity: Identity;
  readonly requestId: string;
};

export type ImportHandlerOptions = {
  readonly database: Database;
  readonly settings: Settings;
  /** How long a body may send nothing; 30 seconds unless told. */
  readonly idleMs?: number;
};

/** Answers POST /import/<kind>. Throws what the wire refuses; what is wrong with the file itself is in the answer. */
export function importHandler(options: ImportHandlerOptions): (call: ImportCall) => Promise<void> {
  const { database, settings, idleMs = 30_000 } = options;
  // Each import holds a connection as long as its body takes: half of them stay for questions.
  const turnstile = createTurnstile({ atOnceMax: Math.max(1, Math.floor(settings.poolSize / 2)), waitMs: 30_000 });
  return async (call) => {
    const { request, response, identity, requestId } = call;
    if (!allows(identity.scope, "write")) {
      throw new AccreteError("FORBIDDEN", "Importing needs a key with the scope 'write' or 'admin'.");
    }
    const kind = importKinds.find((known) => known === call.kind);
    if (!kind)
      throw new AccreteError("NOT_FOUND", `There is nothing to import at this address: ${importKinds.join(", ")}.`);
    const format = formatOf(request);
    const choices = choicesOf(call.search);
    refuseTooLarge(Number(request.headers["content-length"] ?? 0), settings.importBytesMax);
    const hangUp = new AbortController();
    response.once("close", () => hangUp.abort(new AccreteError("UNAVAILABLE", "The caller has hung up.")));
    const result = await turnstile.pass(hangUp.signal, () =>
      importFile(database, identity.workspaceId, {
        ...choices,
        kind,
        format,
        source: bodyOf(call, { bytesMax: settings.importBytesMax, idleMs }),
        actor: publicId("apiKey", identity.keyId),
        signal: hangUp.signal,
      }),
    );
    sendResult(response, result, requestId);
  };
}

const formats: Readonly<Record<string, ImportFormat>> = { "text/csv": "csv", "application/x-ndjson": "ndjson" };

function formatOf(request: IncomingMessage): ImportFormat {
  const [type = "", ...parameters] = (request.headers["content-type"] ?? "").toLowerCase().split(";");
  const format = formats[type.trim()];
  const charset = parameters.map((text) => /^\s*charset="?([\w-]+)"?\s*$/.exec(text)?.[1]).find(Boolean);
  if (!format || (charset !== undefined && !/^utf-?8$/.test(charset))) {
    const message = "Send 'content-type: text/csv' or 'content-type: application/x-ndjson', in UTF-8.";
    throw new AccreteError("UNSUPPORTED_MEDIA_TYPE", message, { field: "content-type" });
  }
  if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
    const message = "Send the body without a content encoding.";
    throw new AccreteError("UNSUPPORTED_MEDIA_TYPE", message, { field: "content-encoding" });
  }
  return format;
}

const switches = ["dryRun", "partial", "createMissing"];
const fileNameCharactersMax = 255;

function choicesOf(search: URLSearchParams) {
  for (const name of search.keys()) {
    if (!switches.includes(name) && name !== "fileName") badInput(name, `There is no parameter '${name}'.`);
  }
  const isOn = (name: string) => {
    const value = search.get(name) ?? "0";
    if (!/^(0|1|true|false)$/.test(value)) badInput(name, `'${name}' must be 1 or 0.`);
    return value === "1" || value === "true";
  };
  const fileName = search.get("fileName")?.split(/[\\/]/).at(-1) || null;
  if (fileName !== null && (fileName.length > fileNameCharactersMax || fileName.includes("\0"))) {
    badInput("fileName", `'fileName' must be a name of at most ${fileNameCharactersMax} characters.`);
  }
  return {
    effect: isOn("dryRun") ? "dry run" : "write",
    refusals: isOn("partial") ? "partial" : "all or nothing",
    unknownNames: isOn("createMissing") ? "create" : "refuse",
    fileName,
  } as const;
}

function refuseTooLarge(bytes: number, bytesMax: number): void {
  if (bytes <= bytesMax) return;
  throw new AccreteError("PAYLOAD_TOO_LARGE", `The file is larger than ${bytesMax} bytes. Nothing was written.`);
}

/** The body, piece by piece, within its bounds. The request is left open, so that a refusal can still be answered. */
async function* bodyOf(
  { request, response, requestId }: ImportCall,
  { bytesMax, idleMs }: { readonly bytesMax: number; readonly idleMs: number },
): AsyncGenerator<Uint8Array> {
  const giveUp = () => {
    const message = `The body has sent nothing for ${idleMs / 1_000} s. Nothing was written.`;
    response.once("finish", () => request.destroy());
    sendRefusal(response, { code: "TIMEOUT", message, field: null }, requestId);
  };
  const pieces: AsyncIterator<Uint8Array> = request.iterator({ destroyOnReturn: false });
  let bytes = 0;
  for (;;) {
    // Only while the sender is awaited: the time that the database takes is not the sender's.
    const timer = setTimeout(giveUp, idleMs);
    const next = await pieces.next().finally(() => clearTimeout(timer));
    if (next.done) return;
    bytes += next.value.length;
    refuseTooLarge(bytes, bytesMax);
    yield next.value;
  }
}

function sendResult(response: ServerResponse, result: ImportResult, requestId: string): void {
  const { batchId, ledgerVersion, ...counts } = result;
  const told = {
    ...counts,
    batchId: batchId === null ? null : publicId("importBatch", batchId),
    ledgerVersion: String(ledgerVersion),
    requestId,
  };
  const isRefused = result.outcome === "REFUSED";
  const extensions = extensionsOf({ code: "IMPORT_INVALID", message: "", field: null }, requestId);
  const message = `The file was refused; nothing was written. ${result.faults[0]?.message ?? ""}`.trim();
  send(response, {
    status: isRefused ? 422 : 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(isRefused ? { errors: [{ message, extensions }], ...told } : told),
  });
}
