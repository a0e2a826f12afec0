// Ids: uuid v7 made in code inside, prefixed text ("acc_…") outside. One prefix per noun.

import { TypeID } from "typeid-js";
import { v7 } from "uuid";
import { badInput } from "./errors.ts";

const idPrefixes = {
  workspace: "wsp",
  apiKey: "key",
  account: "acc",
  product: "prd",
  plan: "pln",
  contract: "con",
  contractLine: "lin",
  contractLineVersion: "lnv",
  movement: "mov",
  importBatch: "imp",
  closedPeriod: "cpd",
} as const;

export type IdKind = keyof typeof idPrefixes;

const randomBytesOfId = 16;
/** Randomness for many ids: asking the system for each one takes longer than all the rest of an id. */
const random = new Uint8Array(randomBytesOfId * 1024);
let randomUsed = random.length;
let lastMs = 0;
let sequence = 0;

/** A new uuid v7: rises with time and, within a process, with every call, so that indexes led by the workspace stay compact. */
export function newId(): string {
  if (randomUsed === random.length) {
    crypto.getRandomValues(random);
    randomUsed = 0;
  }
  const bytes = random.subarray(randomUsed, randomUsed + randomBytesOfId);
  randomUsed += randomBytesOfId;
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // The upper bit stays free: more ids than a millisecond can hold never carry over.
    sequence = (((bytes[6] ?? 0) & 0x3f) << 24) | ((bytes[7] ?? 0) << 16) | ((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0);
  } else {
    sequence += 1;
  }
  return v7({ random: bytes, msecs: lastMs, seq: sequence });
}

/** The public form of an id, such as `acc_01h455vb4pex5vsknk084sn02q`. */
export function publicId(kind: IdKind, id: string): string {
  return TypeID.fromUUID(idPrefixes[kind], id).toString();
}

/** The uuid behind a public id; null when the text is not an id of this kind. */
export function parsePublicId(kind: IdKind, text: string): string | null {
  try {
    return TypeID.fromString(text, idPrefixes[kind]).toUUID();
  } catch {
    return null;
  }
}

/** The uuid behind a public id; throws BAD_USER_INPUT naming the field. */
export function requirePublicId(kind: IdKind, text: string, field: string): string {
  return (
    parsePublicId(kind, text) ?? badInput(field, `'${field}' is not a valid id: expected '${idPrefixes[kind]}_…'.`)
  );
}
