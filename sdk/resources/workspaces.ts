// The key's workspace: what its numbers are computed with.

import type { AsKnown, Ask, CallOptions, PageOptions } from "../call.ts";
import {
  ClosePeriodDocument,
  GetWorkspaceDocument,
  ListClosedPeriodsDocument,
  ReopenPeriodDocument,
  SetSegmentsDocument,
  SetWorkspaceDocument,
} from "../generated/documents.ts";
import type {
  ClosedPeriod,
  ClosePeriodVariables,
  ClosingState,
  SegmentBandInput,
  SetWorkspaceVariables,
  Workspace,
} from "../generated/types.ts";
import { Listing } from "../paginate.ts";

/** `accrete.workspace` */
export class WorkspaceResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * Reporting currency, fiscal-year start, segment bands, default policy and ledger version of the workspace that the key belongs to.
   *
   * @example
   * const { reportingCurrency, ledgerVersion } = await accrete.workspace.get();
   */
  async get(options: CallOptions & AsKnown = {}): Promise<Workspace> {
    const { workspace } = await this.#ask(GetWorkspaceDocument, { asOf: options.asOf ?? null }, options);
    return workspace;
  }

  /**
   * Chooses the bands of account ARR, from now on; questions `asOf` an earlier version keep theirs. Needs a key of the scope `admin`.
   *
   * @example
   * await accrete.workspace.setSegments([
   *   { name: "Enterprise", fromArr: "100000" },
   *   { name: "SMB", fromArr: "0" },
   * ]);
   */
  async setSegments(bands: readonly SegmentBandInput[], options: CallOptions = {}): Promise<Workspace> {
    const { setSegments } = await this.#ask(SetSegmentsDocument, { bands }, options);
    return setSegments;
  }

  /**
   * Chooses the workspace's settings, from now on; what is left out stays. Needs a key of the scope `admin`.
   *
   * @example
   * await accrete.workspace.set({ closedPeriodTreatment: "RESTATE" });
   */
  async set(settings: SetWorkspaceVariables, options: CallOptions = {}): Promise<Workspace> {
    const { setWorkspace } = await this.#ask(SetWorkspaceDocument, settings, options);
    return setWorkspace;
  }

  /**
   * The closed periods, the latest days first: awaited one page, iterated all of them. Each says which ledger version closed it, and what
   * was booked about its days since.
   *
   * @example
   * const [latest] = (await accrete.workspace.closedPeriods({ first: 1 })).nodes;
   * if (latest) {
   *   const asReported = await accrete.metrics.expansion({
   *     window: { fromOn: latest.fromOn, untilOn: latest.untilOn },
   *     asOf: { ledgerVersion: latest.ledgerVersion },
   *   });
   * }
   */
  closedPeriods(options: PageOptions & AsKnown & { readonly state?: ClosingState } = {}): Listing<ClosedPeriod> {
    const { state = "CLOSED", first = null, after = null, asOf = null } = options;
    return new Listing(async (page) => {
      const { closedPeriods } = await this.#ask(ListClosedPeriodsDocument, { state, first, asOf, ...page }, options);
      return closedPeriods;
    }, after);
  }

  /**
   * Closes a window of days: facts about them that are recorded later are refused, or booked as restatements, as the workspace chose.
   * Needs a key of the scope `admin`.
   *
   * @example
   * await accrete.workspace.closePeriod({ ...quarter("2025-Q4"), note: "Board report" });
   */
  async closePeriod(period: ClosePeriodVariables, options: CallOptions = {}): Promise<ClosedPeriod> {
    const { closePeriod } = await this.#ask(ClosePeriodDocument, period, options);
    return closePeriod;
  }

  /** Opens a closed period again, on record. Needs a key of the scope `admin`. */
  async reopenPeriod(id: string, options: CallOptions = {}): Promise<ClosedPeriod> {
    const { reopenPeriod } = await this.#ask(ReopenPeriodDocument, { id }, options);
    return reopenPeriod;
  }
}
