// Policies: the workspace's default, and those that are saved under a name.

import type { AsKnown, Ask, CallOptions, PageOptions } from "../call.ts";
import {
  DeletePolicyDocument,
  ListPoliciesDocument,
  ListSettingsChangesDocument,
  SavePolicyDocument,
  SetPolicyDocument,
} from "../generated/documents.ts";
import type { PolicyInput, SavedPolicy, SettingsChange, Workspace } from "../generated/types.ts";
import { Listing } from "../paginate.ts";

/** `accrete.policies` */
export class PoliciesResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The policies that are saved in the workspace, by name.
   *
   * @example
   * const names = (await accrete.policies.list()).map(({ name }) => name);
   */
  async list(options: CallOptions & AsKnown = {}): Promise<readonly SavedPolicy[]> {
    const { policies } = await this.#ask(ListPoliciesDocument, { asOf: options.asOf ?? null }, options);
    return policies;
  }

  /**
   * Saves a policy under a name, for questions that ask by it (`policy: { name }`). Needs a key of the scope `admin`.
   *
   * @example
   * await accrete.policies.save("board", { preset: "GITLAB", priceIncrease: "SEPARATE" });
   * await accrete.metrics.expansion({ window: quarter("2025-Q4"), policy: { name: "board" } });
   */
  async save(name: string, policy: PolicyInput, options: CallOptions = {}): Promise<SavedPolicy> {
    const { savePolicy } = await this.#ask(SavePolicyDocument, { name, policy }, options);
    return savePolicy;
  }

  /** Takes a saved policy away, and gives those that are left. Needs a key of the scope `admin`. */
  async delete(name: string, options: CallOptions = {}): Promise<readonly SavedPolicy[]> {
    const { deletePolicy } = await this.#ask(DeletePolicyDocument, { name }, options);
    return deletePolicy;
  }

  /**
   * Sets the workspace's default policy as a whole: a key that is left out has its built-in value again. Needs a key of the scope `admin`.
   *
   * @example
   * await accrete.policies.setDefault({ reactivationWindowDays: 90, segmentAt: "CLOSING" });
   */
  async setDefault(policy: PolicyInput, options: CallOptions = {}): Promise<Workspace> {
    const { setPolicy } = await this.#ask(SetPolicyDocument, { policy }, options);
    return setPolicy;
  }

  /**
   * Who changed which setting of the workspace, when, from what to what, the latest first: awaited one page, iterated all of them.
   *
   * @example
   * for await (const { recordedAt, setBy, changes } of accrete.policies.changes()) console.log(recordedAt, setBy, changes);
   */
  changes(options: PageOptions & AsKnown = {}): Listing<SettingsChange> {
    const { first = null, after = null, asOf = null } = options;
    return new Listing(async (page) => {
      const { settingsChanges } = await this.#ask(ListSettingsChangesDocument, { first, asOf, ...page }, options);
      return settingsChanges;
    }, after);
  }
}
