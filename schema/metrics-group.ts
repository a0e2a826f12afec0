// Where a row of a metrics answer stands: its period, and its group's value of each dimension.

import { type IdKind, publicId } from "@accrete/db/kernel/ids.ts";
import type { GroupKey, Period } from "@accrete/db/metrics/answer.ts";
import { builder } from "./builder.ts";
import { DriverEnum } from "./movements-filter.ts";

export const PeriodType = builder.objectRef<Period>("Period").implement({
  description: "One period of the grain, clipped to the window.",
  fields: (t) => ({
    fromOn: t.expose("fromOn", {
      type: "Date",
      description: "The first day; the opening is the balance at the end of the day before.",
    }),
    untilOn: t.expose("untilOn", { type: "Date", description: "The day after the last one." }),
    label: t.exposeString("label", {
      description:
        'The name of the whole grain period: "2025-10-03", "2025-W41", "2025-10", "2025-Q4", "2025", or "2025-10-01/2026-01-01" for WHOLE. Fiscal quarters and years carry the year in which they end.',
    }),
    partial: t.exposeBoolean("partial", { description: "Whether the window cut the period short." }),
  }),
});

const AttributeValueType = builder.objectRef<{ name: string; value: string | null }>("AttributeValue").implement({
  description: "A group's value of one of the workspace's own account attributes.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The attribute's name, as in `groupByAttributes`." }),
    value: t.exposeString("value", {
      nullable: true,
      description: "The value; null for the group of accounts without one.",
    }),
  }),
});

const noLeaf = "Null when not grouped by it, and for the group without a value.";

export const GroupKeyType = builder.objectRef<GroupKey>("GroupKey").implement({
  description:
    "Which group a row is of: one leaf per dimension, null unless the question groups by it. In `total` every leaf is null.",
  fields: (t) => ({
    segment: t.exposeString("segment", {
      nullable: true,
      description: `The ARR band's name, such as "Enterprise". ${noLeaf}`,
    }),
    product: t.exposeString("product", { nullable: true, description: `The product's external id. ${noLeaf}` }),
    productId: t.id({
      nullable: true,
      description: `The product's opaque id. ${noLeaf}`,
      resolve: ({ productId }) => optionalId("product", productId),
    }),
    plan: t.exposeString("plan", { nullable: true, description: `The plan's external id. ${noLeaf}` }),
    planId: t.id({
      nullable: true,
      description: `The plan's opaque id. ${noLeaf}`,
      resolve: ({ planId }) => optionalId("plan", planId),
    }),
    channel: t.exposeString("channel", { nullable: true, description: `The acquisition channel. ${noLeaf}` }),
    region: t.exposeString("region", { nullable: true, description: `The region. ${noLeaf}` }),
    industry: t.exposeString("industry", { nullable: true, description: `The industry. ${noLeaf}` }),
    owner: t.exposeString("owner", { nullable: true, description: `The owner. ${noLeaf}` }),
    cohort: t.exposeString("cohort", {
      nullable: true,
      description: `The period of the first ARR, such as "2025-10". ${noLeaf}`,
    }),
    account: t.exposeString("account", {
      nullable: true,
      description: "The account's external id. Null when not grouped by it.",
    }),
    accountId: t.id({
      nullable: true,
      description: "The account's opaque id. Null when not grouped by it.",
      resolve: ({ accountId }) => optionalId("account", accountId),
    }),
    accountName: t.exposeString("accountName", {
      nullable: true,
      description: "The account's name. Null when not grouped by it.",
    }),
    parent: t.exposeString("parent", { nullable: true, description: `The parent account's external id. ${noLeaf}` }),
    parentId: t.id({
      nullable: true,
      description: `The parent account's opaque id. ${noLeaf}`,
      resolve: ({ parentId }) => optionalId("account", parentId),
    }),
    currency: t.expose("currency", {
      type: "CurrencyCode",
      nullable: true,
      description: "The lines' currency. Null when not grouped by it.",
    }),
    driver: t.expose("driver", { type: DriverEnum, nullable: true, description: `The driver. ${noLeaf}` }),
    motion: t.exposeString("motion", { nullable: true, description: `The sales motion. ${noLeaf}` }),
    campaign: t.exposeString("campaign", { nullable: true, description: `The campaign. ${noLeaf}` }),
    attributes: t.field({
      type: [AttributeValueType],
      description: "One entry per name in `groupByAttributes`, in that order; empty when not grouped by attributes.",
      resolve: ({ attributes }) => attributes,
    }),
  }),
});

function optionalId(kind: IdKind, id: string | null): string | null {
  return id === null ? null : publicId(kind, id);
}
