// What in the facts would make the numbers wrong or less telling: suspicions with the ids that they are about, and what to do.

import { askQuality } from "@accrete/db/metrics/quality.ts";
import {
  type QualityCheck,
  type QualityFinding,
  qualityCodes,
  qualityTable,
  subjectKinds,
} from "@accrete/db/metrics/quality-codes.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { WindowInput } from "./metrics.ts";
import { askedAsOf, asOfArgs } from "./terms.ts";

const QualityCodeEnum = builder.enumType("QualityCode", {
  description: "What is suspected.",
  values: Object.fromEntries(
    qualityCodes.map((code) => [code, { value: code, description: qualityTable[code].meaning }]),
  ),
});

const SubjectKindEnum = wordsEnum("QualitySubjectKind", subjectKinds, {
  description: "What a finding is about.",
  values: {
    ACCOUNT: "Accounts, by external id.",
    CONTRACT_LINE: "Contract lines, by external id.",
    PLAN: "Plans, by external id.",
    MOVEMENT: "Ready-made movements, by external id.",
    CURRENCY: "A currency, by its ISO 4217 code.",
  },
});

const QualityFindingType = builder.objectRef<QualityFinding>("QualityFinding").implement({
  description: "One thing that is suspected.",
  fields: (t) => ({
    kind: t.expose("kind", { type: SubjectKindEnum, description: "What it is about." }),
    subjects: t.stringList({
      description: "The source's ids of what it is about, at most 20.",
      resolve: ({ subjects }) => [...subjects],
    }),
    message: t.exposeString("message", { description: "What is suspected, in a sentence." }),
  }),
});

const QualityCheckType = builder.objectRef<QualityCheck>("QualityCheck").implement({
  description: "One check of the facts, and what it found.",
  fields: (t) => ({
    code: t.field({ type: QualityCodeEnum, description: "The check.", resolve: ({ code }) => code }),
    meaning: t.string({
      description: "What a finding means for the numbers.",
      resolve: ({ code }) => qualityTable[code].meaning,
    }),
    fix: t.string({ description: "What to do about a finding.", resolve: ({ code }) => qualityTable[code].fix }),
    count: t.exposeInt("count", {
      description: "How many findings there are; for DRIVERS_OTHER, how many movements they are about.",
    }),
    findings: t.field({
      type: [QualityFindingType],
      description: "The findings, at most 50.",
      resolve: ({ findings }) => [...findings],
    }),
  }),
});

builder.queryField("dataQuality", (t) =>
  t.field({
    type: [QualityCheckType],
    description:
      "Looks through the facts for what would make the numbers wrong or less telling, though each row was right when it came: every check, in a fixed order, with 0 where nothing is suspected. Suspicions are not faults: nothing is refused, and no number changes. BAD_USER_INPUT for an empty window.",
    args: {
      window: t.arg({
        type: WindowInput,
        description: "The days whose drivers are looked at; the last 365 days when left out.",
      }),
      ...asOfArgs,
    },
    resolve: async (_root, { window, asOf }, context) => {
      const known = await knownAs(context, askedAsOf(asOf));
      const { version } = await loadersAt(context, known).ledger();
      return [...(await askQuality(context.tx, { window: window ?? null, known: { version, on: known.on } }))];
    },
  }),
);
