// Exchange rates in named sets.

import type { AsKnown, Ask, CallOptions } from "../call.ts";
import { ListRateSetsDocument, SetFxRatesDocument, SetRateSetsDocument } from "../generated/documents.ts";
import type {
  RateSet,
  SetFxRatesResult,
  SetFxRatesVariables,
  SetRateSetsVariables,
  Workspace,
} from "../generated/types.ts";

/** `accrete.rates` */
export class RatesResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The workspace's rate sets by name; with `on`, each with its rates that hold on that day.
   *
   * @example
   * const [ecb] = await accrete.rates.sets({ on: "2025-12-31" });
   * ecb?.rates?.nodes.find(({ fromCurrency }) => fromCurrency === "EUR")?.rate; // "1.1750"
   */
  async sets(options: CallOptions & AsKnown & { readonly on?: string } = {}): Promise<readonly RateSet[]> {
    const { on = null, asOf = null } = options;
    const { rateSets } = await this.#ask(ListRateSetsDocument, { on, rated: on !== null, asOf }, options);
    return rateSets;
  }

  /**
   * States rates of one set: all of the list, or, when one of it cannot be, nothing and the `refusals`. A set that is not there comes to be,
   * of the `kind` that is said. Needs a key of the scope `write`.
   *
   * @example
   * await accrete.rates.set({
   *   rateSet: "ECB",
   *   kind: "DATED",
   *   rates: [{ fromCurrency: "EUR", toCurrency: "USD", fromOn: "2025-10-01", rate: "1.1741" }],
   * });
   */
  async set(rates: SetFxRatesVariables, options: CallOptions = {}): Promise<SetFxRatesResult> {
    const { setFxRates } = await this.#ask(SetFxRatesDocument, rates, options);
    return setFxRates;
  }

  /**
   * Chooses the sets that the currency treatments CONSTANT and REPORTED read; what is left out stays, null chooses none. Needs a key of the
   * scope `admin`.
   *
   * @example
   * await accrete.rates.choose({ constant: "Plan 2026", reported: "ECB" });
   */
  async choose(sets: SetRateSetsVariables, options: CallOptions = {}): Promise<Workspace> {
    const { setRateSets } = await this.#ask(SetRateSetsDocument, sets, options);
    return setRateSets;
  }
}
