// The catalog: products and their plans.

import type { AsKnown, Ask, PageOptions } from "../call.ts";
import { ListProductsDocument } from "../generated/documents.ts";
import type { Product } from "../generated/types.ts";
import { Listing } from "../paginate.ts";

/** `accrete.catalog` */
export class CatalogResource {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The products with their plans, by external id: awaited one page, iterated all of them.
   *
   * @example
   * for await (const product of accrete.catalog.products()) console.log(product.name, product.plans.length);
   */
  products(options: PageOptions & AsKnown = {}): Listing<Product> {
    const { first = null, after = null, asOf = null } = options;
    return new Listing(async (page) => {
      const { products } = await this.#ask(ListProductsDocument, { first, asOf, ...page }, options);
      return products;
    }, after);
  }
}
