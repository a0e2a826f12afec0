// What a question can say about movements: types, drivers, the filter that lists and metrics share, and the order of lists.

import { requirePublicId } from "@accrete/db/kernel/ids.ts";
import type { MovementFilter } from "@accrete/db/movements/condition.ts";
import { movementOrderFields } from "@accrete/db/movements/list.ts";
import { drivers, movementTypes } from "@accrete/db/movements/types.ts";
import { builder, wordsEnum } from "./builder.ts";
import { OrderDirectionEnum } from "./terms.ts";

export const MovementTypeEnum = wordsEnum("MovementType", movementTypes, {
  description: "What a movement did to its account, by the account's ARR before and after the day.",
  values: {
    NEW: "Never had any ARR → has some. Amount above 0; once per account, and first.",
    REACTIVATION: "Had ARR once, none just before → has some. Amount above 0.",
    EXPANSION: "Has → has, and this component rose. Amount above 0; has a driver.",
    CONTRACTION: "Has → has, and this component fell. Amount below 0; has a driver.",
    CHURN: "Has → none, whatever the cause: an end, a pause, a free plan, a 100 % discount. Amount below 0.",
  },
});

export const DriverEnum = wordsEnum("Driver", drivers, {
  description: "What moved, in an expansion or a contraction. Ties are broken in this order.",
  values: {
    SEAT: "Quantity of the same plan, such as licences or users; also one more line of a plan already held.",
    TIER: "The plan of the same product, to another rank (upsell, downgrade). The sign follows the money, not the rank.",
    ADD_ON: "A module or feature line of a product family that the account holds, added or dropped.",
    CROSS_SELL: "A product family that the account did not hold, added; or one of several dropped.",
    USAGE_COMMITMENT: "Any change of a COMMITMENT line.",
    USAGE: "Any change of a METERED line.",
    PRICE: "The list price at unchanged quantity, or a plan of equal rank.",
    DISCOUNT: "A recurring discount that ended, began or changed.",
    OTHER: "Stated as such by the source, or not attributable to one driver (SNAPSHOT and netting); never guessed.",
  },
});

const AttributeInput = builder.inputType("AttributeInput", {
  description: "A condition on one of the workspace's own account attributes.",
  fields: (t) => ({
    name: t.string({
      required: true,
      description: "The attribute's name. A name that no account has chooses as if every account had no value.",
    }),
    value: t.string({ description: "The value it must have; null chooses accounts without one." }),
  }),
});

export const MovementFilterInput = builder.inputType("MovementFilter", {
  description:
    "Which movements and balances. Conditions of several fields must all hold, of several values of one field any. Account conditions (`accountIds` to `attributes`) choose accounts, by the value in force on the day; `product`, `plan` and `currency` choose lines, so balances and flows; `type`, `driver`, `motion` and `campaign` choose flows only. A filter never re-derives types. Values that do not exist choose nothing.",
  fields: (t) => ({
    accountIds: t.idList({ description: "Accounts, by opaque id. BAD_USER_INPUT when one is malformed." }),
    accountExternalIds: t.stringList({ description: "Accounts, by id in the source system." }),
    segment: t.stringList({ description: 'ARR bands, by name ("Enterprise"), read as `segmentAt` says.' }),
    channel: t.stringList({ description: "Acquisition channels." }),
    region: t.stringList({ description: "Regions." }),
    industry: t.stringList({ description: "Industries." }),
    owner: t.stringList({ description: "Owners." }),
    attributes: t.field({
      type: [AttributeInput],
      description: "The workspace's own attributes; conditions on one name are alternatives.",
    }),
    product: t.stringList({ description: "Products, by external id." }),
    plan: t.stringList({ description: "Plans, by external id." }),
    currency: t.field({ type: ["CurrencyCode"], description: "Currencies of the lines." }),
    type: t.field({ type: [MovementTypeEnum], description: "Movement types." }),
    driver: t.field({ type: [DriverEnum], description: "Drivers; chooses expansions and contractions only." }),
    motion: t.stringList({ description: "Sales motions." }),
    campaign: t.stringList({ description: "Campaigns." }),
    effectiveFromOn: t.field({
      type: "Date",
      description:
        "Movement lists only: effective on this day or later. BAD_USER_INPUT in a metrics question, which has its window.",
    }),
    effectiveUntilOn: t.field({
      type: "Date",
      description:
        "Movement lists only: effective before this day. BAD_USER_INPUT in a metrics question, which has its window.",
    }),
  }),
});

const MovementOrderFieldEnum = wordsEnum("MovementOrderField", movementOrderFields, {
  description: "What movements can be ordered by.",
  values: {
    EFFECTIVE_ON: "The day from which the change is true.",
    RECORDED_AT: "When the ledger learned of it.",
    AMOUNT: "The signed amount, in minor units, without conversion between currencies.",
  },
});

export const MovementOrderInput = builder.inputType("MovementOrder", {
  description: "One key of an order; earlier keys decide first, and the opaque id decides last.",
  fields: (t) => ({
    field: t.field({ type: MovementOrderFieldEnum, required: true, description: "The key." }),
    direction: t.field({
      type: OrderDirectionEnum,
      required: true,
      defaultValue: "ASC",
      description: "ASC unless told.",
    }),
  }),
});

/** The filter as db reads it. BAD_USER_INPUT for a malformed account id. */
export function movementFilter(input: typeof MovementFilterInput.$inferInput | null | undefined): MovementFilter {
  const { accountIds, attributes, ...conditions } = input ?? {};
  const given = Object.fromEntries(Object.entries(conditions).filter(([, value]) => value != null)) as MovementFilter;
  return {
    ...given,
    ...(accountIds ? { accountIds: accountIds.map((id) => requirePublicId("account", id, "filter.accountIds")) } : {}),
    ...(attributes ? { attributes: attributes.map(({ name, value }) => ({ name, value: value ?? null })) } : {}),
  };
}
