// Contract lines.

import type { Ask, CallOptions } from "../call.ts";
import { DeleteContractLinesDocument, RecordUsageDocument } from "../generated/documents.ts";
import type { ContractLineDeletion, DeletedLineInput, RecordUsageResult, UsageInput } from "../generated/types.ts";

/** `accrete.contracts` */
export class ContractsResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * States what METERED lines were billed beyond their commitment, per billing period: all of the list, or, when one of it cannot be,
   * nothing and the `refusals`. Needs a key of the scope `write`.
   *
   * @example
   * await accrete.contracts.recordUsage([
   *   { line: { externalId: "api-calls" }, fromOn: "2025-10-01", untilOn: "2025-11-01", amount: "1250.00" },
   * ]);
   */
  async recordUsage(usage: readonly UsageInput[], options: CallOptions = {}): Promise<RecordUsageResult> {
    const { recordUsage } = await this.#ask(RecordUsageDocument, { usage }, options);
    return recordUsage;
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
