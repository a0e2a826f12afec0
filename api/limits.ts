// How large a question may be, before any of it is executed: tokens while it is parsed, then depth and aliases. And which text Postgres
// cannot store.

import { AccreteError } from "@accrete/db/kernel/errors.ts";
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  parse,
  type SelectionSetNode,
  type Source,
  visit,
} from "graphql";

const tokensMax = 2_000;
const depthMax = 15;
const aliasesMax = 30;

/** graphql-js' parse, stopped at the token limit: TOO_COMPLEX. */
export function parseWithinLimits(source: string | Source): DocumentNode {
  try {
    return parse(source, { maxTokens: tokensMax });
  } catch (error) {
    if (error instanceof GraphQLError && / tokens\. Parsing aborted/.test(error.message)) {
      throw new AccreteError("TOO_COMPLEX", `more than ${tokensMax} tokens, limit ${tokensMax}`);
    }
    throw error;
  }
}

/** Throws TOO_COMPLEX for a document that is too deep or has too many aliases, BAD_USER_INPUT for text that cannot be stored. */
export function requireDocumentWithinLimits(document: DocumentNode): void {
  const depth = depthOf(document);
  if (depth > depthMax) throw new AccreteError("TOO_COMPLEX", `depth ${depth}, limit ${depthMax}`);
  let aliases = 0;
  visit(document, {
    Field(node) {
      if (node.alias) aliases += 1;
    },
    StringValue(node) {
      requireStorable(node.value, "query");
    },
  });
  if (aliases > aliasesMax) throw new AccreteError("TOO_COMPLEX", `${aliases} aliases, limit ${aliasesMax}`);
}

/** Throws BAD_USER_INPUT naming the variable whose text holds NUL or half a character: Postgres can store neither. */
export function requireStorableVariables(value: unknown, path: string): void {
  if (typeof value === "string") requireStorable(value, path);
  else if (Array.isArray(value))
    for (const [i, item] of value.entries()) requireStorableVariables(item, `${path}.${i}`);
  else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) requireStorableVariables(item, `${path}.${name}`);
  }
}

function requireStorable(text: string, field: string): void {
  if (/[\0\p{Surrogate}]/u.test(text)) {
    throw new AccreteError("BAD_USER_INPUT", `'${field}' holds a character that no text can have.`, { field });
  }
}

/** Levels of fields, fragments counted where they are spread; a fragment that spreads itself is left to validation. */
function depthOf(document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, number>();

  const below = (selections: SelectionSetNode | undefined): number => {
    let deepest = 0;
    for (const node of selections?.selections ?? []) {
      if (node.kind === Kind.FIELD) deepest = Math.max(deepest, 1 + below(node.selectionSet));
      else if (node.kind === Kind.INLINE_FRAGMENT) deepest = Math.max(deepest, below(node.selectionSet));
      else deepest = Math.max(deepest, ofFragment(node.name.value));
    }
    return deepest;
  };
  const ofFragment = (name: string): number => {
    const depth = known.get(name);
    if (depth !== undefined) return depth;
    known.set(name, 0);
    const found = below(fragments.get(name)?.selectionSet);
    known.set(name, found);
    return found;
  };
  return Math.max(0, ...document.definitions.map((node) => ("selectionSet" in node ? below(node.selectionSet) : 0)));
}
