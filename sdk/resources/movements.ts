// The ledger's entries.

import type { AsKnown, Ask, CallOptions, ListOptions } from "../call.ts";
import { CorrectMovementsDocument, ListMovementsDocument } from "../generated/documents.ts";
import type {
  LedgerEntries,
  Movement,
  MovementCorrection,
  MovementCorrectionInput,
  MovementFilter,
  MovementOrder,
} from "../generated/types.ts";
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

  /**
   * Corrects ready-made movements: each is reversed, and stated anew with the change, or withdrawn. All of the list, or none. What was
   * derived from contract lines is corrected by correcting the lines. Needs a key of the scope `write`.
   *
   * @example
   * const [correction] = await accrete.movements.correct([{ movementId, change: { amount: "1200" }, note: "wrong invoice" }]);
   * correction?.movement?.amount; // "1200.00"
   */
  async correct(
    corrections: readonly MovementCorrectionInput[],
    options: CallOptions = {},
  ): Promise<readonly MovementCorrection[]> {
    const { correctMovements } = await this.#ask(CorrectMovementsDocument, { corrections }, options);
    return correctMovements;
  }
}
