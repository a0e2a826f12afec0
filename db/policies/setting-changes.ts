// What changed from one statement of a workspace's settings to the next, setting by setting, each as text that a person can read.

import { formatMoney } from "../kernel/money.ts";
import type { WorkspaceSettings } from "../workspaces/store.ts";
import { type SettablePolicy, settableKeys } from "./policy.ts";
import { resolvePolicy } from "./resolve.ts";

export const workspaceSettings = [
  "REPORTING_CURRENCY",
  "FISCAL_YEAR_START_MONTH",
  "SEGMENT_BANDS",
  "DEFAULT_POLICY",
  "CONSTANT_RATE_SET",
  "REPORTED_RATE_SET",
  "CLOSED_PERIOD_TREATMENT",
] as const;
export type WorkspaceSetting = (typeof workspaceSettings)[number];

export type SettingChange = {
  readonly setting: WorkspaceSetting;
  /** The key of the default policy that changed; null for every other setting. */
  readonly policyKey: keyof SettablePolicy | null;
  /** Null where there was, or is, none: no rate set chosen, no limit of days. */
  readonly from: string | null;
  readonly to: string | null;
};

/** What is different, in the order of `workspaceSettings`; of the default policy a change for each key. */
export function settingChanges(
  before: WorkspaceSettings,
  after: WorkspaceSettings,
  rateSetNames: ReadonlyMap<string, string>,
): readonly SettingChange[] {
  const nameOf = (id: string | null) => (id === null ? null : (rateSetNames.get(id) ?? id));
  const read: Readonly<Record<Exclude<WorkspaceSetting, "DEFAULT_POLICY">, (of: WorkspaceSettings) => string | null>> =
    {
      REPORTING_CURRENCY: ({ reportingCurrency }) => reportingCurrency,
      FISCAL_YEAR_START_MONTH: ({ fiscalYearStartMonth }) => String(fiscalYearStartMonth),
      SEGMENT_BANDS: bandsText,
      CONSTANT_RATE_SET: ({ constantRateSetId }) => nameOf(constantRateSetId),
      REPORTED_RATE_SET: ({ reportedRateSetId }) => nameOf(reportedRateSetId),
      CLOSED_PERIOD_TREATMENT: ({ closedPeriodTreatment }) => closedPeriodTreatment,
    };
  return workspaceSettings.flatMap((setting): readonly SettingChange[] => {
    if (setting === "DEFAULT_POLICY") return policyChanges(before, after);
    const [from, to] = [read[setting](before), read[setting](after)];
    return from === to ? [] : [{ setting, policyKey: null, from, to }];
  });
}

function policyChanges(before: WorkspaceSettings, after: WorkspaceSettings): readonly SettingChange[] {
  const old = resolvePolicy({ workspaceDefault: before.defaultPolicy });
  const now = resolvePolicy({ workspaceDefault: after.defaultPolicy });
  return settableKeys
    .filter((key) => old[key] !== now[key])
    .map((key) => ({ setting: "DEFAULT_POLICY", policyKey: key, from: valueText(old[key]), to: valueText(now[key]) }));
}

function valueText(value: string | number | null): string | null {
  return value === null ? null : String(value);
}

/** "Enterprise from 100000.00, Mid-Market from 25000.00, SMB from 0.00 USD". */
function bandsText({ segmentBands, reportingCurrency }: WorkspaceSettings): string {
  const bands = segmentBands.map(
    ({ name, fromMinor }) => `${name} from ${formatMoney(BigInt(fromMinor), reportingCurrency)}`,
  );
  return `${bands.join(", ")} ${reportingCurrency}`;
}
