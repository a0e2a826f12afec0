// Lists that are longer than one page: awaited they give a page, iterated they give every node.

import { UnexpectedAnswerError } from "./errors.ts";

/** One page of a connection as the operations select it; `totalCount` is there when it was asked for. */
export type Connection<Node> = {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount?: number;
};

/** What to fetch: the page after a cursor, the first one for null; with the count of all nodes, or without. */
export type PageRequest = { readonly after: string | null; readonly counted: boolean };

/** One page of a list. */
export type Page<Node> = {
  readonly nodes: readonly Node[];
  /** How many nodes the whole list has. */
  readonly totalCount: number;
  readonly hasNextPage: boolean;
  /** Pass it as `after` to go on from here in another call or process; null on an empty page. */
  readonly endCursor: string | null;
  /** The page after this one; null on the last. */
  next(): Promise<Page<Node> | null>;
};

/**
 * A list that has not been fetched yet. `await` gives its first page, `for await` gives every node, fetching page after page as the loop
 * asks for more. An `async` function that returns a listing returns its first page: wrap it in an object to hand on the listing.
 *
 * @example
 * const page = await accrete.movements.list({ driver: ["SEAT"] });
 * for await (const movement of accrete.movements.list({ driver: ["SEAT"] })) console.log(movement.amount);
 */
export class Listing<Node> implements PromiseLike<Page<Node>>, AsyncIterable<Node> {
  readonly #fetchPage: (request: PageRequest) => Promise<Connection<Node>>;
  readonly #after: string | null;
  #page: Promise<Page<Node>> | null = null;

  constructor(fetchPage: (request: PageRequest) => Promise<Connection<Node>>, after: string | null) {
    this.#fetchPage = fetchPage;
    this.#after = after;
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is what this class is for
  then<Result = Page<Node>, Rejected = never>(
    onFulfilled?: ((page: Page<Node>) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Result | Rejected> {
    this.#page ??= this.#pageAfter(this.#after);
    return this.#page.then(onFulfilled, onRejected);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Node, void, undefined> {
    for (let after: string | null = this.#after; ; ) {
      const connection = await this.#fetchPage({ after, counted: false });
      yield* connection.nodes;
      if (!connection.pageInfo.hasNextPage) return;
      after = movedCursor(after, connection.pageInfo.endCursor);
    }
  }

  async #pageAfter(after: string | null): Promise<Page<Node>> {
    const { nodes, pageInfo, totalCount } = await this.#fetchPage({ after, counted: true });
    if (totalCount === undefined) throw unexpected("The server sent a page without the count that was asked for.");
    const { hasNextPage, endCursor } = pageInfo;
    return {
      nodes,
      totalCount,
      hasNextPage,
      endCursor,
      next: async () => (hasNextPage ? this.#pageAfter(movedCursor(after, endCursor)) : null),
    };
  }
}

/** A cursor that stands still would fetch the same page for ever. */
function movedCursor(before: string | null, after: string | null): string {
  if (after !== null && after !== before) return after;
  throw unexpected("The server says that more pages follow, but its cursor did not move: stopped.");
}

function unexpected(message: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError(message, { code: "UNEXPECTED_ANSWER" });
}
