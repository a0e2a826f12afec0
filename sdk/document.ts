// A GraphQL document as a string that remembers the types of its variables and of its result.

/**
 * Any document whose result and variables are known to the compiler: the ones of this package, and the
 * `TypedDocumentString`s that graphql-codegen emits from your own operations with `documentMode: "string"`.
 */
export interface TypedDocument<Result, Variables> {
  toString(): string;
  /** Never set: it carries the types only. */
  __apiType?: (variables: Variables) => Result;
}

/** A document of this package. It is a `String`, so any GraphQL client that sends strings can send it. */
export class AccreteDocument<Result, Variables> extends String implements TypedDocument<Result, Variables> {
  declare __apiType?: (variables: Variables) => Result;
  /** The operation's name, such as "ListMovements". */
  readonly operationName: string;
  /** SHA-256 of the text, in hex: the document's name in a store of persisted operations. */
  readonly sha256: string;

  constructor(operationName: string, sha256: string, text: string) {
    super(text);
    this.operationName = operationName;
    this.sha256 = sha256;
  }
}

/** Used by the generated documents. */
export function document<Result, Variables>(
  operationName: string,
  sha256: string,
  text: string,
): AccreteDocument<Result, Variables> {
  return new AccreteDocument(operationName, sha256, text);
}
