// What a caller may set for one call, and the function that every resource asks through.

import type { TypedDocument } from "./document.ts";
import type { AsOfInput } from "./generated/types.ts";

/** Settings of one call. */
export type CallOptions = {
  /** Stops the call: it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** The most the call may take as a whole, with its retries and their waits; the client's `timeoutMs` unless told. */
  readonly timeoutMs?: number;
  /** Further tries of a read after the first; the client's `retriesMax` unless told. */
  readonly retriesMax?: number;
};

/** Whose knowledge answers. */
export type AsKnown = {
  /**
   * `{ ledgerVersion }` of an earlier answer, or an instant as `{ at }`: everything is read as it was known then. The newest knowledge
   * unless told.
   */
  readonly asOf?: AsOfInput;
};

/** Settings of one call of a list in the order of its own: each of its pages is a request of its own, with its own time. */
export type PageOptions = CallOptions & {
  /** The size of a page; the server's default unless told. */
  readonly first?: number;
  /** The `endCursor` of an earlier page: the list goes on after it. */
  readonly after?: string;
};

/** Settings of one call of a list that can be ordered. */
export type ListOptions<Order> = PageOptions & {
  /** The order; ties are broken by the server, so that pages never overlap. */
  readonly orderBy?: readonly Order[];
};

/** Asks one document. The document alone says what the variables are: an unknown one is a compile error. */
export type Ask = <Result, Variables>(
  document: TypedDocument<Result, Variables>,
  variables: NoInfer<Variables>,
  options: CallOptions,
) => Promise<Result>;
