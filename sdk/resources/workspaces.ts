// The key's workspace: what its numbers are computed with.

import type { Ask, CallOptions } from "../call.ts";
import { GetWorkspaceDocument } from "../generated/documents.ts";
import type { Workspace } from "../generated/types.ts";

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
  async get(options: CallOptions = {}): Promise<Workspace> {
    const { workspace } = await this.#ask(GetWorkspaceDocument, {}, options);
    return workspace;
  }
}
