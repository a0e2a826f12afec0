// The text of an API key: accr_<live|demo>_<id>_<secret>_<crc>. The id names the workspace, so that a key is looked up inside its
// workspace's context; the checksum turns typing errors away before anything is asked of the database.

import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";

/** Shown in the text, so that a key of a demo is never taken for one that guards real books. */
const keyEnvironments = ["live", "demo"] as const;
export type KeyEnvironment = (typeof keyEnvironments)[number];

export type KeyParts = {
  readonly environment: KeyEnvironment;
  readonly workspaceId: string;
  readonly keyId: string;
  /** 256 random bits. */
  readonly secret: Uint8Array;
};

const idDigits = 43;
const secretDigits = 43;
const crcDigits = 6;
const pattern = new RegExp(
  `^(accr_(${keyEnvironments.join("|")})_([0-9A-Za-z]{${idDigits}})_([0-9A-Za-z]{${secretDigits}}))_([0-9A-Za-z]{${crcDigits}})$`,
);

/** The text of a key: what its holder sends, and what is shown once. */
export function formatKey({ environment, workspaceId, keyId, secret }: KeyParts): string {
  const id = toBase62(Buffer.concat([bytesOfUuid(workspaceId), bytesOfUuid(keyId)]), idDigits);
  const text = `accr_${environment}_${id}_${toBase62(secret, secretDigits)}`;
  return `${text}_${checksum(text)}`;
}

/** The parts of a key's text; null when the text is not a key, or was mistyped. */
export function parseKey(text: string): KeyParts | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, checked = "", environmentText = "", idText = "", secretText = "", crc = ""] = match;
  const environment = keyEnvironments.find((known) => known === environmentText);
  const ids = fromBase62(idText, 32);
  const secret = fromBase62(secretText, 32);
  if (!environment || !ids || !secret || checksum(checked) !== crc) return null;
  return { environment, workspaceId: uuidOfBytes(ids.subarray(0, 16)), keyId: uuidOfBytes(ids.subarray(16)), secret };
}

/** What is kept of a secret: its SHA-256, in hex. A secret of 256 random bits needs no slow hash. */
export function hashSecret(secret: Uint8Array): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether two hashes are equal, in a time that does not tell how far they agree. */
export function equalHashes(a: string, b: string): boolean {
  const left = Buffer.from(a, "hex");
  const right = Buffer.from(b, "hex");
  return left.length === right.length && timingSafeEqual(left, right);
}

function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return toBase62(bytes, crcDigits);
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function toBase62(bytes: Uint8Array, digits: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let i = 0; i < digits; i += 1) {
    text = alphabet.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  return text;
}

/** The bytes; null when the number does not fit into them. */
function fromBase62(text: string, byteCount: number): Buffer | null {
  let value = 0n;
  for (const digit of text) value = value * 62n + BigInt(alphabet.indexOf(digit));
  const hex = value.toString(16).padStart(byteCount * 2, "0");
  return hex.length > byteCount * 2 ? null : Buffer.from(hex, "hex");
}

function bytesOfUuid(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

function uuidOfBytes(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
