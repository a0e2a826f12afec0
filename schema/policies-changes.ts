// The log of the workspace's settings: who changed what, when, from what and to what.

import { countSettingsChanges, listSettingsChanges, type SettingsChange } from "@accrete/db/policies/log.ts";
import { type SettingChange, workspaceSettings } from "@accrete/db/policies/setting-changes.ts";
import { builder, wordsEnum } from "./builder.ts";
import { knownAs } from "./context.ts";
import { PolicyKeyEnum } from "./policies-saved.ts";
import { askedAsOf, asOfArgs, pageArgs } from "./terms.ts";

const WorkspaceSettingEnum = wordsEnum("WorkspaceSetting", workspaceSettings, {
  description: "What a workspace chooses for itself.",
  values: {
    REPORTING_CURRENCY: "The currency of balances, metrics and bands.",
    FISCAL_YEAR_START_MONTH: "The month in which a fiscal year starts.",
    SEGMENT_BANDS: "The bands of account ARR.",
    DEFAULT_POLICY: "A key of the default policy.",
    CONSTANT_RATE_SET: "The rate set that CONSTANT reads.",
    REPORTED_RATE_SET: "The rate set that REPORTED reads.",
    CLOSED_PERIOD_TREATMENT: "What becomes of late facts.",
  },
});

const SettingChangeType = builder.objectRef<SettingChange>("SettingChange").implement({
  description: "One setting, before and after.",
  fields: (t) => ({
    setting: t.expose("setting", { type: WorkspaceSettingEnum, description: "Which setting." }),
    policyKey: t.expose("policyKey", {
      type: PolicyKeyEnum,
      nullable: true,
      description: "The key of the default policy; null for every other setting.",
    }),
    from: t.exposeString("from", {
      nullable: true,
      description: "What it was, as text; null where there was none: no rate set, no limit of days.",
    }),
    to: t.exposeString("to", { nullable: true, description: "What it became, as text; null for none." }),
  }),
});

const SettingsChangeType = builder.objectRef<SettingsChange>("SettingsChange").implement({
  description: "One commit that changed settings of the workspace.",
  fields: (t) => ({
    ledgerVersion: t.field({
      type: "BigInt",
      description: "The ledger version from which on the settings were so.",
      resolve: ({ recordedVersion }) => recordedVersion,
    }),
    recordedAt: t.expose("recordedAt", { type: "DateTime", description: "When it was recorded." }),
    setBy: t.exposeString("setBy", { description: "The id of the API key that did it, or `command`." }),
    changes: t.field({
      type: [SettingChangeType],
      description: "What was different; of the default policy a change for each key.",
      resolve: ({ changes }) => changes,
    }),
  }),
});

const SettingsChangeConnection = builder.connectionObject(
  { type: SettingsChangeType, name: "SettingsChangeConnection", description: "One page of changes of settings." },
  { name: "SettingsChangeEdge", description: "A change of settings and its place in the list." },
);

builder.queryField("settingsChanges", (t) =>
  t.connection(
    {
      type: SettingsChangeType,
      description: "Every change of the workspace's settings and default policy, the newest first.",
      args: asOfArgs,
      resolve: async (_root, { asOf, ...args }, context) => {
        const { tx } = context;
        const { version } = await knownAs(context, askedAsOf(asOf));
        return {
          ...(await listSettingsChanges(tx, version, pageArgs(args))),
          totalCount: () => countSettingsChanges(tx, version),
        };
      },
    },
    SettingsChangeConnection,
  ),
);
