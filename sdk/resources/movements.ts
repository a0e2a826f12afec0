// The ledger's entries.

import type { AsKnown, Ask, ListOptions } from "../call.ts";
import { ListMovementsDocument } from "../generated/documents.ts";
import type { LedgerEntries, Movement, MovementFilter, MovementOrder } from "../generated/types.ts";
import { Listing } from "../paginate.ts";

/** Settings of one call of `movements.list`. */
export type MovementListOptions = ListOptions<MovementOrder> &
  AsKnown & {
    /** UNREVERSED, what counts, unless told; ALL for the whole ledger with its reversals. */
    readonly entries?: LedgerEntries;
  };

/** `accrete.movements` */
export class MovementsResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The movements that meet every condition of the filter: awaited one page, iterated all of them, page after page.
   *
   * @example
   * for await (const movement of accrete.movements.list({ driver: ["SEAT"], effectiveFromOn: "2025-10-01" })) {
   *   console.log(movement.effectiveOn, movement.account.name, movement.amount);
   * }
   */
  list(filter: MovementFilter = {}, options: MovementListOptions = {}): Listing<Movement> {
    const { orderBy = null, entries = "UNREVERSED", first = null, after = null, asOf = null } = options;
    return new Listing(async (page) => {
      const { movements } = await this.#ask(
        ListMovementsDocument,
        { filter, orderBy, entries, first, asOf, ...page },
        options,
      );
      return movements;
    }, after);
  }
}
