// Node ids: which prefix stands for which type. Inside they are uuids, outside prefixed text.

import { badInput } from "@accrete/db/kernel/errors.ts";
import { type IdKind, parsePublicId, publicId } from "@accrete/db/kernel/ids.ts";

const kinds: Readonly<Record<string, IdKind>> = {
  Account: "account",
  Contract: "contract",
  ContractLine: "contractLineVersion",
  Movement: "movement",
  Plan: "plan",
  Product: "product",
};

/** How many ids one `nodes` question may name. */
const nodesMax = 200;

/** The public id of a node type's uuid. */
export function encodeNodeId(typename: string, id: string): string {
  const kind = kinds[typename];
  if (!kind) throw new TypeError(`${typename} is not a node type`);
  return publicId(kind, id);
}

/** The type and uuid behind a public id; throws BAD_USER_INPUT for a text that is no node's id. */
export function decodeNodeId(text: string): { typename: string; id: string } {
  for (const [typename, kind] of Object.entries(kinds)) {
    const id = parsePublicId(kind, text);
    if (id) return { typename, id };
  }
  return badInput("id", "'id' is not a valid id: expected a prefix such as 'acc_' and 26 characters.");
}

/** Throws BAD_USER_INPUT when one question names more ids than the bound. */
export function requireNodesMax(count: number): void {
  if (count > nodesMax) badInput("ids", `'ids' holds ${count} ids; at most ${nodesMax} are answered at once.`);
}
