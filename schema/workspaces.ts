// The workspace: what it has chosen, and how far its ledger has come.

import { publicId } from "@accrete/db/kernel/ids.ts";
import type { AsOf } from "@accrete/db/kernel/knowledge.ts";
import { currencyDecimals } from "@accrete/db/kernel/money.ts";
import { placePoint } from "@accrete/db/kernel/rational.ts";
import { closedPeriodTreatments } from "@accrete/db/workspaces/closed-periods.ts";
import type { SegmentBand } from "@accrete/db/workspaces/segments.ts";
import {
  type Commit,
  chooseForWorkspace,
  getWorkspace,
  setSegmentBands,
  type WorkspaceSettings,
} from "@accrete/db/workspaces/store.ts";
import type { At } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { type Context, knownAs, loadersAt, writing } from "./context.ts";
import { askedAsOf, asOfArgs } from "./terms.ts";

type WorkspaceShape = At<{
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly settings: WorkspaceSettings;
  readonly ledger: Commit;
}>;

const SegmentBandType = builder.objectRef<SegmentBand & { readonly currency: string }>("SegmentBand").implement({
  description:
    "A band of account ARR. It holds every ARR from its lower bound, inclusive, up to the next higher band's.",
  fields: (t) => ({
    name: t.exposeString("name", {
      description: 'Such as "Enterprise"; what `segment` holds wherever it is answered.',
    }),
    fromArr: t.field({
      type: "Decimal",
      description: "The inclusive lower bound, ARR in the workspace's reporting currency. The lowest band starts at 0.",
      resolve: (band) => placePoint(BigInt(band.fromMinor), currencyDecimals(band.currency) ?? 2),
    }),
  }),
});

const ClosedPeriodTreatmentEnum = wordsEnum("ClosedPeriodTreatment", closedPeriodTreatments, {
  description: "What a workspace does with a fact about a day of a closed period that is recorded after the closing.",
  values: {
    REFUSE: "The write is refused as a whole: PERIOD_CLOSED.",
    RESTATE: "It is booked where it is true, and counted and listed as a restatement.",
  },
});

export const WorkspaceType = builder.objectRef<WorkspaceShape>("Workspace").implement({
  description: "One company's books: everything that the key may see. Nothing of another workspace is ever answered.",
  fields: (t) => ({
    id: t.id({
      description: "Opaque and stable, such as `wsp_01h455vb4pex5vsknk084sn02q`.",
      resolve: (workspace) => publicId("workspace", workspace.id),
    }),
    name: t.exposeString("name", { description: "The workspace's name as it was given." }),
    reportingCurrency: t.field({
      type: "CurrencyCode",
      description: "The currency in which balances, metrics and bands are answered.",
      resolve: (workspace) => workspace.settings.reportingCurrency,
    }),
    fiscalYearStartMonth: t.int({
      description: "The month, 1 to 12, in which a fiscal year starts; it places QUARTER and YEAR periods.",
      resolve: (workspace) => workspace.settings.fiscalYearStartMonth,
    }),
    segmentBands: t.field({
      type: [SegmentBandType],
      description: "The bands of account ARR, from the highest lower bound to the one that starts at 0.",
      resolve: ({ settings }) =>
        settings.segmentBands.map((band) => ({ ...band, currency: settings.reportingCurrency })),
    }),
    closedPeriodTreatment: t.field({
      type: ClosedPeriodTreatmentEnum,
      description: "What becomes of a late fact: one about a day of a closed period.",
      resolve: ({ settings }) => settings.closedPeriodTreatment,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      description:
        "The version of the last commit, or of the last that is known `asOf` then. It rises with every write; equal versions mean equal answers.",
      resolve: (workspace) => workspace.ledger.version,
    }),
    recordedAt: t.field({
      type: "DateTime",
      description: "When the last commit was recorded.",
      resolve: (workspace) => workspace.ledger.recordedAt,
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "When the workspace was made.",
      resolve: (workspace) => workspace.createdAt,
    }),
  }),
});

/** The workspace as it is now, or as it was known. */
export async function loadWorkspace(context: Context, asOf: AsOf | null = null): Promise<WorkspaceShape> {
  const known = await knownAs(context, asOf);
  const loaders = loadersAt(context, known);
  const [{ name, createdAt }, settings, ledger] = await Promise.all([
    getWorkspace(context.tx),
    loaders.settings(),
    loaders.ledger(),
  ]);
  return { id: context.tx.workspaceId, name, createdAt, settings, ledger, known };
}

builder.queryField("workspace", (t) =>
  t.field({
    type: WorkspaceType,
    description: "The workspace that the API key belongs to.",
    args: asOfArgs,
    resolve: (_root, { asOf }, context) => loadWorkspace(context, askedAsOf(asOf)),
  }),
);

const SegmentBandInput = builder.inputType("SegmentBandInput", {
  description: "A band of account ARR and its inclusive lower bound.",
  fields: (t) => ({
    name: t.string({ required: true, description: "What the band is called; unique in the workspace, not blank." }),
    fromArr: t.field({
      type: "Decimal",
      required: true,
      description: "The inclusive lower bound, ARR in the workspace's reporting currency; 0 for the lowest band.",
    }),
  }),
});

builder.mutationField("setSegments", (t) =>
  t.field({
    type: WorkspaceType,
    description:
      "Chooses the workspace's bands of account ARR, for every question from now on; questions `asOf` an earlier version keep the earlier ones. BAD_USER_INPUT when there is no band from 0, or two of one name or bound. Needs a key of the scope `admin`.",
    args: {
      bands: t.arg({ type: [SegmentBandInput], required: true, description: "1 to 50 bands, in any order." }),
    },
    resolve: async (_root, { bands }, context) => {
      await writing(context, { needs: "admin", action: "set segments" }, (tx, author) =>
        setSegmentBands(tx, bands, author),
      );
      return loadWorkspace(context);
    },
  }),
);

builder.mutationField("setWorkspace", (t) =>
  t.field({
    type: WorkspaceType,
    description:
      "Chooses how the workspace's questions are answered, from now on; questions `asOf` an earlier version keep the earlier choices. What is left out, or null, stays. Needs a key of the scope `admin`.",
    args: {
      reportingCurrency: t.arg({
        type: "CurrencyCode",
        description:
          "The currency of balances, metrics and bands. Another one than before needs `segmentBands`, whose bounds are amounts of it; and rates into it, for everything that is in other currencies. Nothing that is recorded changes.",
      }),
      fiscalYearStartMonth: t.arg.int({ description: "The month, 1 to 12, in which a fiscal year starts." }),
      closedPeriodTreatment: t.arg({
        type: ClosedPeriodTreatmentEnum,
        description: "What becomes of late facts from now on.",
      }),
      segmentBands: t.arg({
        type: [SegmentBandInput],
        description: "1 to 50 bands, in any order, in the reporting currency as it is after the change.",
      }),
    },
    resolve: async (_root, choices, context) => {
      await writing(context, { needs: "admin", action: "set workspace" }, (tx, author) =>
        chooseForWorkspace(tx, choices, author),
      );
      return loadWorkspace(context);
    },
  }),
);
