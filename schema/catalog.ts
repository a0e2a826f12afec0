// Products and their plans.

import { countProducts, listProducts, type PlanRow, type ProductRow } from "@accrete/db/catalog/list.ts";
import { type At, pageAt } from "./batching.ts";
import { builder } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { askedAsOf, asOfArgs, pageArgs } from "./terms.ts";

export const ProductType = builder.objectRef<At<ProductRow>>("Product");
export const PlanType = builder.objectRef<At<PlanRow>>("Plan");

builder.node(ProductType, {
  description: "Something that is sold by contract.",
  id: { resolve: (product) => product.id },
  loadManyWithoutCache: (ids, { loaders }) => loaders.product.findMany(ids),
  fields: (t) => ({
    externalId: t.exposeString("externalId", {
      description: "The id in the workspace's own catalog; what filters and imports name.",
    }),
    name: t.exposeString("name", { description: "The name as last imported; `asOf`, as it was known then." }),
    family: t.exposeString("family", {
      description:
        "The product family. A line of a family that the account does not hold is CROSS_SELL, of one that it holds ADD_ON.",
    }),
    plans: t.field({
      type: [PlanType],
      description: "The product's plans, from the smallest rank up, plans without a rank last, then by external id.",
      resolve: (product, _args, context) => loadersAt(context, product.known).plansOfProduct.load(product.id),
    }),
  }),
});

builder.node(PlanType, {
  description: "A plan of one product, such as starter or enterprise.",
  id: { resolve: (plan) => plan.id },
  loadManyWithoutCache: (ids, { loaders }) => loaders.plan.findMany(ids),
  fields: (t) => ({
    externalId: t.exposeString("externalId", {
      description: "The id in the workspace's own catalog; what filters and imports name.",
    }),
    name: t.exposeString("name", { description: "The name as last imported; `asOf`, as it was known then." }),
    rank: t.exposeInt("rank", {
      nullable: true,
      description:
        "The order of the product's plans from small to large: a change of rank is TIER. Null while the product has only this plan.",
    }),
    product: t.field({
      type: ProductType,
      description: "The product that the plan belongs to; a plan never changes its product.",
      resolve: (plan, _args, context) => loadersAt(context, plan.known).product.get(plan.productId),
    }),
  }),
});

const ProductConnection = builder.connectionObject(
  { type: ProductType, name: "ProductConnection", description: "One page of products." },
  { name: "ProductEdge", description: "A product and its place in the list." },
);

builder.queryField("products", (t) =>
  t.connection(
    {
      type: ProductType,
      description: "The catalog, by external id.",
      args: asOfArgs,
      resolve: async (_root, { asOf, ...args }, context) => {
        const known = await knownAs(context, askedAsOf(asOf));
        return {
          ...pageAt(await listProducts(context.tx, known.version, pageArgs(args)), known),
          totalCount: () => countProducts(context.tx, known.version),
        };
      },
    },
    ProductConnection,
  ),
);
