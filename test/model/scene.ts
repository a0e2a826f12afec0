// What a policy's derivation sees: the lines and ready-made movements that its usage lets in, and the unit that each account belongs to on each day.

import type { SettablePolicy } from "@accrete/db/policies/policy.ts";
import type { Day } from "./calendar.ts";
import {
  type AccountFact,
  type LineFact,
  lineKey,
  type MergeFact,
  type ReadyMovement,
  readyKey,
  type Tuple,
  type UsageFact,
} from "./facts.ts";
import { survivorOf, topOn } from "./groups.ts";
import { withUsage } from "./usage.ts";
import { arrOfLine } from "./value.ts";

export type Facts = {
  readonly accounts: readonly AccountFact[];
  readonly merges: readonly MergeFact[];
  readonly lines: readonly LineFact[];
  readonly ready: readonly ReadyMovement[];
  readonly usage: readonly UsageFact[];
};

export type View = Pick<SettablePolicy, "accountLevel" | "hierarchyAt" | "usage"> & {
  /** The day whose links a LIVE hierarchy reads. */
  readonly hierarchyOn: Day;
};

/** The view that the stored ledger is. */
export const storedView: View = {
  accountLevel: "ACCOUNT",
  hierarchyAt: "LIVE",
  usage: "BILLED_RECURRING",
  hierarchyOn: 0,
};

export type Scene = {
  /** Of surviving accounts, and worth what usage periods say. */
  readonly lines: readonly LineFact[];
  readonly ready: readonly ReadyMovement[];
  /** Days on which an account's unit may become another. */
  readonly linkDays: readonly Day[];
  unitOn(accountId: string, day: Day): string;
};

export type Holding = Tuple & { readonly key: string; readonly accountId: string; readonly amount: bigint };

const left: Readonly<Record<View["usage"], readonly string[]>> = {
  BILLED_RECURRING: [],
  COMMITTED: ["METERED"],
  EXCLUDE: ["METERED", "COMMITMENT"],
};

export function sceneOf({ accounts, merges, lines, ready, usage }: Facts, view: View): Scene {
  const counts = ({ kind }: { readonly kind: string | null }) => kind === null || !left[view.usage].includes(kind);
  const survives = <T extends { readonly accountId: string }>(fact: T): T => ({
    ...fact,
    accountId: survivorOf(merges, fact.accountId),
  });
  const isByEvent = view.accountLevel === "ULTIMATE_PARENT" && view.hierarchyAt === "AS_OF_EVENT";
  const known = new Map<string, string>();
  return {
    lines: withUsage(lines, usage).filter(counts).map(survives),
    ready: ready.filter(counts).map(survives),
    linkDays: isByEvent ? accounts.map(({ from }) => from) : [],
    unitOn: (accountId, day) => {
      if (view.accountLevel === "ACCOUNT") return accountId;
      const when = isByEvent ? day : view.hierarchyOn;
      const label = `${accountId} ${when}`;
      const unit = known.get(label) ?? topOn(accounts, merges, accountId, when);
      known.set(label, unit);
      return unit;
    },
  };
}

export function isInForce({ from, until }: LineFact, day: Day): boolean {
  return from <= day && (until === null || day < until);
}

const known = new WeakMap<Scene, Map<string, Holding[]>>();

/** What the accounts that are a unit on one day hold at the end of another; nothing with an amount of 0. */
export function heldBy(scene: Scene, unitId: string, unitDay: Day, day: Day): readonly Holding[] {
  const found = known.get(scene) ?? new Map<string, Holding[]>();
  known.set(scene, found);
  const label = `${unitDay} ${day} ${unitId}`;
  const held = found.get(label) ?? gather(scene, unitId, unitDay, day);
  found.set(label, held);
  return held;
}

function gather(scene: Scene, unitId: string, unitDay: Day, day: Day): Holding[] {
  const ofUnit = ({ accountId }: { readonly accountId: string }) => scene.unitOn(accountId, unitDay) === unitId;
  const holdings = new Map<string, Holding>();
  for (const line of scene.lines) {
    if (!isInForce(line, day) || !ofUnit(line)) continue;
    const { plan, currency, accountId } = line;
    const key = lineKey(line);
    const amount = arrOfLine(line);
    holdings.set(key, { key, accountId, productId: plan.productId, planId: plan.planId, currency, amount });
  }
  for (const movement of scene.ready) {
    if (movement.on > day || !ofUnit(movement)) continue;
    const { plan, currency, accountId } = movement;
    const key = readyKey(movement);
    const amount = (holdings.get(key)?.amount ?? 0n) + movement.amount;
    const productId = plan?.productId ?? null;
    holdings.set(key, { key, accountId, productId, planId: plan?.planId ?? null, currency, amount });
  }
  return [...holdings.values()].filter(({ amount }) => amount !== 0n);
}

/** Lines alone, each account a unit. */
export function sceneOfLines(lines: readonly LineFact[]): Scene {
  return sceneOf({ accounts: [], merges: [], lines, ready: [], usage: [] }, storedView);
}
