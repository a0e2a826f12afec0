// Accounts: one by its id or yours, and lists of them.

import type { AsKnown, Ask, CallOptions, ListOptions } from "../call.ts";
import { NotFoundError } from "../errors.ts";
import {
  FindAccountDocument,
  ListAccountsDocument,
  MergeAccountsDocument,
  SetAccountParentsDocument,
  UnmergeAccountsDocument,
} from "../generated/documents.ts";
import type {
  Account,
  AccountFilter,
  AccountMerge,
  AccountOrder,
  AccountParentInput,
  AccountReference,
  SetAccountParentsResult,
} from "../generated/types.ts";
import { Listing } from "../paginate.ts";

/** The day on which `arr` and `segment` are read. */
export type ReadOn = {
  /** A calendar day, such as "2025-12-31": the values at its end. The newest unless told. */
  readonly on?: string;
};

/** `accrete.accounts` */
export class AccountsResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * One account, by its id (`acc_…`) or by your system's. Throws a NotFoundError when the workspace has none such.
   *
   * @example
   * const account = await accrete.accounts.get({ externalId: "acme" }, { on: "2025-12-31" });
   * account.arr; // "125000.00", in the reporting currency
   * const then = await accrete.accounts.get({ externalId: "acme" }, { asOf: { at: "2026-01-08T00:00:00Z" } });
   */
  async get(by: AccountReference, options: CallOptions & ReadOn & AsKnown = {}): Promise<Account> {
    const account = await this.find(by, options);
    if (account) return account;
    throw new NotFoundError("The workspace has no such account.", { code: "NOT_FOUND", field: "by" });
  }

  /**
   * One account, or null when the workspace has none such.
   *
   * @example
   * const isKnown = (await accrete.accounts.find({ externalId: "acme" })) !== null;
   */
  async find(by: AccountReference, options: CallOptions & ReadOn & AsKnown = {}): Promise<Account | null> {
    const { account } = await this.#ask(
      FindAccountDocument,
      { by, on: options.on ?? null, asOf: options.asOf ?? null },
      options,
    );
    return account;
  }

  /**
   * The accounts that meet every condition of the filter: awaited one page, iterated all of them.
   *
   * @example
   * const page = await accrete.accounts.list({ channel: ["Partner"] }, { orderBy: [{ field: "ARR", direction: "DESC" }], first: 10 });
   * for await (const account of accrete.accounts.list()) console.log(account.name, account.arr);
   */
  list(filter: AccountFilter = {}, options: ListOptions<AccountOrder> & ReadOn & AsKnown = {}): Listing<Account> {
    const { orderBy = null, first = null, after = null, on = null, asOf = null } = options;
    return new Listing(async (page) => {
      const { accounts } = await this.#ask(
        ListAccountsDocument,
        { filter, orderBy, first, on, asOf, ...page },
        options,
      );
      return accounts;
    }, after);
  }

  /**
   * States who is directly above whom, from a day until another: all of the list, or, when one of it cannot be, nothing and the
   * `refusals`. Needs a key of the scope `write`.
   *
   * @example
   * const { refusals } = await accrete.accounts.setParents([
   *   { account: { externalId: "acme-fr" }, parent: { externalId: "acme" }, fromOn: "2025-10-01" },
   * ]);
   */
  async setParents(
    parents: readonly AccountParentInput[],
    options: CallOptions = {},
  ): Promise<SetAccountParentsResult> {
    const { setAccountParents } = await this.#ask(SetAccountParentsDocument, { parents }, options);
    return setAccountParents;
  }

  /**
   * Says that an account is another one: its facts count for the survivor, for all history, until the merge is undone. Needs a key of the
   * scope `write`.
   *
   * @example
   * await accrete.accounts.merge({ externalId: "acme-old" }, { externalId: "acme" });
   */
  async merge(from: AccountReference, into: AccountReference, options: CallOptions = {}): Promise<AccountMerge> {
    const { mergeAccounts } = await this.#ask(MergeAccountsDocument, { from, into }, options);
    return mergeAccounts;
  }

  /** Undoes a merge: the books are as if it had never been. Needs a key of the scope `write`. */
  async unmerge(from: AccountReference, options: CallOptions = {}): Promise<AccountMerge> {
    const { unmergeAccounts } = await this.#ask(UnmergeAccountsDocument, { from }, options);
    return unmergeAccounts;
  }
}
