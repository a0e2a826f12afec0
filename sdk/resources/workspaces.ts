// The key's workspace: what its numbers are computed with.

import type { AsKnown, Ask, CallOptions } from "../call.ts";
import { GetWorkspaceDocument, SetSegmentsDocument } from "../generated/documents.ts";
import type { SegmentBandInput, Workspace } from "../generated/types.ts";

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
}
