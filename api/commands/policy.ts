// `accrete policy`: the workspace's default policy, the policies saved under names, and the log of who changed which setting.

import { inWorkspace, type Tx, type TxMode } from "@accrete/db/kernel/database.ts";
import type { AsOf } from "@accrete/db/kernel/knowledge.ts";
import { listSettingsChanges, type SettingsChange } from "@accrete/db/policies/log.ts";
import {
  type AskedPolicy,
  type Policy,
  type PresetName,
  policyHash,
  policyKeys,
  presetNames,
  type SettablePolicy,
  settableKeys,
} from "@accrete/db/policies/policy.ts";
import {
  deletePolicy,
  getPolicy,
  listSavedPolicies,
  type SavedPolicy,
  savePolicy,
  setDefaultPolicy,
} from "@accrete/db/policies/store.ts";
import { getCommitAsOf, getSettings } from "@accrete/db/workspaces/store.ts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { readSettings } from "../settings.ts";
import { openBooks, resolveWorkspace, workspaceOption } from "./books.ts";

type WorkspaceOptions = { readonly workspace?: string };
type NamedOptions = WorkspaceOptions & { readonly preset?: PresetName; readonly name?: string };
type ShowOptions = NamedOptions & { readonly asOf?: AsOf };
type LogOptions = WorkspaceOptions & { readonly limit: number };

export function registerPolicy(program: Command): void {
  const policy = program
    .command("policy")
    .description("Show, set and save the choices that decide every number, and who changed them.");
  const preset = () => new Option("--preset <preset>", "what another tool counts").choices(presetNames);
  const name = ["--name <policy>", "a policy saved in the workspace"] as const;

  policy
    .command("show")
    .description("Show every key of the policy that a question gets, and its hash.")
    .addOption(preset())
    .option(...name)
    .option(
      "--as-of <version>",
      "as known at a ledger version, or at an instant such as 2025-12-31T23:59:59Z",
      readAsOf,
    )
    .option(...workspaceOption)
    .action(async (options: ShowOptions) => {
      console.log(textOf(await inMeantWorkspace(options, "read", (tx) => resolve(tx, options, options.asOf ?? null))));
    });
  policy
    .command("set")
    .description("Set the workspace's default policy as a whole; a key that is not named has its built-in value.")
    .argument("[keys...]", "as key=value", collectKey, [])
    .addOption(preset())
    .option(...name)
    .option(...workspaceOption)
    .addHelpText("after", `\n${keysHelp()}\n\nExample:\n  accrete policy set netting=MONTH usage=COMMITTED`)
    .action(async (keys: readonly KeyValue[], options: NamedOptions) => {
      await inMeantWorkspace(options, "write", (tx) =>
        setDefaultPolicy(tx, askedOf(keys, options), { actor: "command", action: "set policy" }),
      );
      console.log(textOf(await inMeantWorkspace(options, "read", (tx) => resolve(tx, {}, null))));
    });
  policy
    .command("save")
    .description("Save a policy under a name, for questions that name it; other keys stay the workspace's.")
    .argument("<policy>", "the name")
    .argument("[keys...]", "as key=value", collectKey, [])
    .addOption(preset())
    .option(...name)
    .option(...workspaceOption)
    .addHelpText("after", `\n${keysHelp()}\n\nExample:\n  accrete policy save Board --preset GITLAB segmentAt=CLOSING`)
    .action(async (saved: string, keys: readonly KeyValue[], options: NamedOptions) => {
      await inMeantWorkspace(options, "write", (tx) =>
        savePolicy(tx, saved, askedOf(keys, options), { actor: "command", action: "save policy" }),
      );
      console.log(textOf(await inMeantWorkspace(options, "read", (tx) => resolve(tx, { name: saved }, null))));
    });
  policy
    .command("delete")
    .description("End what a saved policy's name means; questions as of an earlier version still know it.")
    .argument("<policy>", "the name")
    .option(...workspaceOption)
    .action(async (saved: string, options: WorkspaceOptions) => {
      await inMeantWorkspace(options, "write", (tx) =>
        deletePolicy(tx, saved, { actor: "command", action: "delete policy" }),
      );
      console.log(`Deleted ${saved}.`);
    });
  policy
    .command("list")
    .description("List the saved policies, and what each sets.")
    .option(...workspaceOption)
    .action(async (options: WorkspaceOptions) => {
      for (const saved of await inMeantWorkspace(options, "read", (tx) => listSavedPolicies(tx))) {
        console.log(lineOf(saved));
      }
    });
  policy
    .command("log")
    .description("List who changed which setting of the workspace, when, from what and to what, the newest first.")
    .option("--limit <count>", "at most so many commits, 1 to 200", readLimit, 50)
    .option(...workspaceOption)
    .action(async (options: LogOptions) => {
      const { edges } = await inMeantWorkspace(options, "read", async (tx) => {
        const { version } = await getCommitAsOf(tx, null);
        return listSettingsChanges(tx, version, { first: options.limit });
      });
      for (const { node } of edges) console.log(logOf(node));
    });
}

async function resolve(tx: Tx, { preset, name }: Omit<NamedOptions, "workspace">, asOf: AsOf | null): Promise<Policy> {
  const { version } = await getCommitAsOf(tx, asOf);
  return getPolicy(tx, { preset, name }, { settings: await getSettings(tx, version), ledgerVersion: version, asOf });
}

async function inMeantWorkspace<T>(options: WorkspaceOptions, mode: TxMode, work: (tx: Tx) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env);
  const books = await openBooks(settings);
  try {
    const workspaceId = await resolveWorkspace(books.database, settings, options.workspace);
    return await inWorkspace(books.database, workspaceId, mode, work);
  } finally {
    await books.close();
  }
}

/** One key a line, as `accrete policy set` takes it, then what came of it. */
function textOf(policy: Policy): string {
  const lines = settableKeys.map((key) => `${key}=${policy[key] ?? "none"}`);
  const told = [
    ...(policy.preset === null ? [] : [`preset  ${policy.preset}`]),
    ...(policy.asOf === null ? [] : [`as of   ${policy.asOf}`]),
    `hash    ${policyHash(policy)}`,
  ];
  return [...lines, "", ...told].join("\n");
}

function lineOf({ name, keys, setBy, recordedAt }: SavedPolicy): string {
  const set = settableKeys.filter((key) => key in keys).map((key) => `${key}=${keys[key] ?? "none"}`);
  return [name, recordedAt, setBy, set.join(" ")].join("  ").trimEnd();
}

function logOf({ recordedVersion, recordedAt, setBy, changes }: SettingsChange): string {
  const lines = changes.map(({ setting, policyKey, from, to }) => {
    return `  ${policyKey ?? setting}: ${from ?? "none"} -> ${to ?? "none"}`;
  });
  return [`${recordedAt}  version ${recordedVersion}  ${setBy}`, ...lines].join("\n");
}

type KeyValue = readonly [key: keyof SettablePolicy, value: string | number | null];

/** The values themselves are checked where every policy is. */
function askedOf(keys: readonly KeyValue[], { preset, name }: NamedOptions): AskedPolicy {
  return { ...(Object.fromEntries(keys) as Partial<SettablePolicy>), preset, name };
}

function collectKey(text: string, before: readonly KeyValue[]): readonly KeyValue[] {
  const [word = "", value = ""] = text.split("=", 2);
  const key = settableKeys.find((known) => known === word);
  if (!key || value === "") throw new InvalidArgumentError("It must be a key and a value, such as netting=MONTH.");
  if (key !== "reactivationWindowDays") return [...before, [key, value.toUpperCase()]];
  return [...before, [key, value === "none" ? null : Number(value)]];
}

function readAsOf(text: string): AsOf {
  return /^\d{1,18}$/.test(text) ? { ledgerVersion: BigInt(text) } : { at: text };
}

function readLimit(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError("It must be a number from 1 to 200.");
  return Number(text);
}

function keysHelp(): string {
  const lines = Object.entries(policyKeys).map(([key, values]) => `  ${key}=${values.join("|")}`);
  return ["Keys, the built-in value first:", ...lines, "  reactivationWindowDays=none|<0 to 36500>"].join("\n");
}
