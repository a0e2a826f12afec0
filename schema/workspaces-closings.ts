// Closed periods: closing one, opening it again, and the list of them.

import { publicId, requirePublicId } from "@accrete/db/kernel/ids.ts";
import {
  type ClosedPeriod,
  closePeriod,
  closingStates,
  countClosedPeriods,
  listClosedPeriods,
  reopenPeriod,
} from "@accrete/db/workspaces/closings.ts";
import { type At, pageAt } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs, writing } from "./context.ts";
import { askedAsOf, asOfArgs, pageArgs } from "./terms.ts";

export const ClosedPeriodType = builder.objectRef<At<ClosedPeriod>>("ClosedPeriod").implement({
  description:
    "Days whose books were closed. A fact that is recorded later and changes what is true on one of them is late: it is refused, or booked as a restatement, as the workspace's `closedPeriodTreatment` says.",
  fields: (t) => ({
    id: t.id({
      description: "Opaque and stable, such as `cpd_01h455vb4pex5vsknk084sn02q`.",
      resolve: (period) => publicId("closedPeriod", period.id),
    }),
    fromOn: t.expose("fromOn", { type: "Date", description: "The first day of the period." }),
    untilOn: t.expose("untilOn", { type: "Date", description: "The first day after the period." }),
    ledgerVersion: t.expose("closedVersion", {
      type: "BigInt",
      description:
        "The commit that closed it. A question with `asOf: { ledgerVersion }` of this version answers what was known, and so reported, at the closing.",
    }),
    closedAt: t.expose("closedAt", { type: "DateTime", description: "When it was closed." }),
    closedBy: t.exposeString("closedBy", {
      description: "Who closed it: an API key's id, `key_…`, or the operator's command.",
    }),
    note: t.exposeString("note", {
      nullable: true,
      description: "What was noted at the closing; null when nothing was.",
    }),
    reopenedVersion: t.expose("reopenedVersion", {
      type: "BigInt",
      nullable: true,
      description: "The commit that opened it again; null while it is closed.",
    }),
    reopenedAt: t.expose("reopenedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was opened again; null while it is closed.",
    }),
    reopenedBy: t.exposeString("reopenedBy", {
      nullable: true,
      description: "Who opened it again; null while it is closed.",
    }),
  }),
});

const ClosedPeriodConnection = builder.connectionObject(
  { type: ClosedPeriodType, name: "ClosedPeriodConnection", description: "One page of closed periods." },
  { name: "ClosedPeriodEdge", description: "A closed period and its place in the list." },
);

const ClosingStateEnum = wordsEnum("ClosingState", closingStates, {
  description: "Which closings a list shows.",
  values: {
    CLOSED: "Only periods that are closed.",
    ALL: "Periods that were opened again too.",
  },
});

builder.queryField("closedPeriods", (t) =>
  t.connection(
    {
      type: ClosedPeriodType,
      description: "The closed periods, latest days first.",
      args: {
        state: t.arg({
          type: ClosingStateEnum,
          required: true,
          defaultValue: "CLOSED",
          description: "Only those that are closed (the default), or all.",
        }),
        ...asOfArgs,
      },
      resolve: async (_root, { state, asOf, ...args }, context) => {
        const known = await knownAs(context, askedAsOf(asOf));
        const question = { version: known.version, state };
        return {
          ...pageAt(await listClosedPeriods(context.tx, question, pageArgs(args)), known),
          totalCount: () => countClosedPeriods(context.tx, question),
        };
      },
    },
    ClosedPeriodConnection,
  ),
);

builder.mutationField("closePeriod", (t) =>
  t.field({
    type: ClosedPeriodType,
    description:
      "Closes the days from `fromOn` up to, not including, `untilOn`. Periods may overlap: a quarter can be closed over its closed months. BAD_USER_INPUT when there is no day between the two, and when just this period is closed already. Needs a key of the scope `admin`.",
    args: {
      fromOn: t.arg({ type: "Date", required: true, description: "The first day of the period." }),
      untilOn: t.arg({ type: "Date", required: true, description: "The first day after the period." }),
      note: t.arg.string({ description: "Kept with the closing; at most 1,000 characters." }),
    },
    resolve: async (_root, args, context) => {
      const period = await writing(context, { needs: "admin", action: "close period" }, (tx, author) =>
        closePeriod(tx, args, author),
      );
      return { ...period, known: await knownAs(context, null) };
    },
  }),
);

builder.mutationField("reopenPeriod", (t) =>
  t.field({
    type: ClosedPeriodType,
    description:
      "Opens a closed period again, on record: facts about its days are late no longer. NOT_FOUND for an unknown id; BAD_USER_INPUT when it was opened already. Needs a key of the scope `admin`.",
    args: { id: t.arg.id({ required: true, description: "The closed period's id, `cpd_…`." }) },
    resolve: async (_root, { id }, context) => {
      const period = await writing(context, { needs: "admin", action: "reopen period" }, (tx, author) =>
        reopenPeriod(tx, requirePublicId("closedPeriod", String(id), "id"), author),
      );
      return { ...period, known: await knownAs(context, null) };
    },
  }),
);
