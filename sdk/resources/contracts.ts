// Contract lines.

import type { Ask, CallOptions } from "../call.ts";
import { DeleteContractLinesDocument } from "../generated/documents.ts";
import type { ContractLineDeletion, DeletedLineInput } from "../generated/types.ts";

/** `accrete.contracts` */
export class ContractsResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * Deletes lines, or one version of a line, that should never have been there; the ledger is derived anew. What was known before can still
   * be asked for `asOf`. Needs a key of the scope `write`.
   *
   * @example
   * await accrete.contracts.deleteLines([{ externalId: "line-2025-17" }]);
   */
  async deleteLines(lines: readonly DeletedLineInput[], options: CallOptions = {}): Promise<ContractLineDeletion> {
    const { deleteContractLines } = await this.#ask(DeleteContractLinesDocument, { lines }, options);
    return deleteContractLines;
  }
}
