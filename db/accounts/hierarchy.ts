// Who stands above whom on which day: parent links with their dates, seen through the merges. Decides tops, paths, rings and depth; the
// database only keeps the links.

import { dateMin, type PlainDate } from "../kernel/dates.ts";

/** A group has at most so many levels on any day, the account at its top counted. */
export const levelsMax = 10;

/** One account directly below another from `fromOn` up to, not including, `untilOn`; null = open. */
export type ParentLink = {
  readonly accountId: string;
  readonly parentId: string;
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate | null;
};

/** The days from `fromOn` up to, not including, `untilOn` (null = open) on which an account's group is headed by `topId`. */
export type TopSpan = {
  readonly topId: string;
  readonly fromOn: PlainDate;
  readonly untilOn: PlainDate | null;
};

/** Why a hierarchy cannot be, and the first day on which it cannot. */
export type HierarchyFault = {
  readonly kind: "CYCLE" | "TOO_DEEP";
  /** The account that stands below itself, or too far below its top. */
  readonly accountId: string;
  /** From the account up: all of a ring, or all levels up to the top. */
  readonly pathIds: readonly string[];
  readonly on: PlainDate;
};

type Days = { readonly fromOn: PlainDate; readonly untilOn: PlainDate | null };
type Path = Days & { readonly accountIds: readonly string[]; readonly isRing: boolean };

/**
 * The parent links as they hold. A link of a merged account is its survivor's, and one to a merged account leads to its survivor; where
 * two of them hold on one day, the survivor's own wins, then the one that comes first in `links`.
 */
export class Hierarchy {
  readonly #survivors: ReadonlyMap<string, string>;
  readonly #links: ReadonlyMap<string, readonly ParentLink[]>;
  readonly #spans = new Map<string, readonly TopSpan[]>();

  /** `survivors`: of each merged account the account that it ends up in, however many merges lie between. */
  constructor(links: readonly ParentLink[], survivors: ReadonlyMap<string, string>) {
    this.#survivors = survivors;
    this.#links = resolveLinks(links, survivors);
  }

  /** The account that stands for this one: its survivor when it is merged, else itself. */
  survivorOf(accountId: string): string {
    return this.#survivors.get(accountId) ?? accountId;
  }

  /** Every parent that the account ever has, by day and without overlaps; a merged account has its survivor's. */
  parentsOf(accountId: string): readonly ParentLink[] {
    return this.#links.get(this.survivorOf(accountId)) ?? [];
  }

  /** All links as they hold. */
  listLinks(): readonly ParentLink[] {
    return [...this.#links.values()].flat();
  }

  /** The account directly above on the day; null at the top. A merged account stands where its survivor stands. */
  parentOn(accountId: string, on: PlainDate): string | null {
    return this.parentsOf(accountId).find((link) => holds(link, on))?.parentId ?? null;
  }

  /** From the account (its survivor, when merged) up to the top of its group on the day. */
  pathOn(accountId: string, on: PlainDate): readonly string[] {
    const path = [this.survivorOf(accountId)];
    for (let above = this.parentOn(accountId, on); above !== null && !path.includes(above); ) {
      path.push(above);
      above = this.parentOn(above, on);
    }
    return path;
  }

  /** The account at the top of the group on the day: the account itself (its survivor, when merged) when nothing is above it. */
  topOn(accountId: string, on: PlainDate): string {
    const spans = this.topsOf(accountId);
    return (spans.find((span) => holds(span, on)) ?? spans[0])?.topId ?? this.survivorOf(accountId);
  }

  /** Every top that the account ever has, by day, without gaps from the first day of all on; neighbours differ. */
  topsOf(accountId: string): readonly TopSpan[] {
    const own = this.survivorOf(accountId);
    const known = this.#spans.get(own);
    if (known) return known;
    const spans: TopSpan[] = [];
    for (const { accountIds, fromOn, untilOn } of this.#paths(own)) {
      const topId = accountIds.at(-1) ?? own;
      const last = spans.at(-1);
      if (last?.topId === topId) spans[spans.length - 1] = { ...last, untilOn };
      else spans.push({ topId, fromOn, untilOn });
    }
    this.#spans.set(own, spans);
    return spans;
  }

  /** The days on which the top of one of the accounts changes, rising. */
  changeDays(accountIds: Iterable<string>): readonly PlainDate[] {
    const days = new Set<PlainDate>();
    for (const accountId of accountIds) for (const span of this.topsOf(accountId).slice(1)) days.add(span.fromOn);
    return [...days].sort();
  }

  /** What is wrong with the groups of all accounts that have a link, by day, rings first; empty when they can be. */
  listFaults(): readonly HierarchyFault[] {
    const faults: HierarchyFault[] = [];
    for (const accountId of this.#links.keys()) {
      for (const { accountIds: pathIds, isRing, fromOn: on } of this.#paths(accountId)) {
        if (isRing || pathIds.length > levelsMax)
          faults.push({ kind: isRing ? "CYCLE" : "TOO_DEEP", accountId, pathIds, on });
      }
    }
    return faults.sort(byDay);
  }

  /** Every path upwards and its days, by day. A ring ends where it would meet itself. */
  #paths(accountId: string): readonly Path[] {
    const paths: Path[] = [];
    const climb = (accountIds: readonly string[], { fromOn, untilOn }: Days) => {
      let nextOn = fromOn;
      for (const link of this.#links.get(accountIds.at(-1) ?? "") ?? []) {
        const days = shared(link, { fromOn: nextOn, untilOn });
        if (days === null) continue;
        if (days.fromOn > nextOn) paths.push({ accountIds, fromOn: nextOn, untilOn: days.fromOn, isRing: false });
        const ringStart = accountIds.indexOf(link.parentId);
        if (ringStart >= 0) paths.push({ accountIds: accountIds.slice(ringStart), ...days, isRing: true });
        else climb([...accountIds, link.parentId], days);
        if (days.untilOn === null) return;
        nextOn = days.untilOn;
      }
      if (untilOn === null || nextOn < untilOn) paths.push({ accountIds, fromOn: nextOn, untilOn, isRing: false });
    };
    climb([accountId], { fromOn: dateMin, untilOn: null });
    return paths;
  }
}

function byDay(a: HierarchyFault, b: HierarchyFault): number {
  if (a.on !== b.on) return a.on < b.on ? -1 : 1;
  if (a.kind === b.kind) return 0;
  return a.kind === "CYCLE" ? -1 : 1;
}

function holds({ fromOn, untilOn }: Days, on: PlainDate): boolean {
  return fromOn <= on && (untilOn === null || on < untilOn);
}

function shared(a: Days, b: Days): Days | null {
  const fromOn = [a.fromOn, b.fromOn].sort()[1] ?? a.fromOn;
  const untilOn = a.untilOn === null || (b.untilOn !== null && b.untilOn < a.untilOn) ? b.untilOn : a.untilOn;
  return untilOn === null || fromOn < untilOn ? { fromOn, untilOn } : null;
}

/** By survivor, its links by day: they do not overlap any more, and none leads to itself. */
function resolveLinks(
  links: readonly ParentLink[],
  survivors: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly ParentLink[]> {
  const survivorOf = (accountId: string) => survivors.get(accountId) ?? accountId;
  const resolved = new Map<string, ParentLink[]>();
  const ownFirst = [
    ...links.filter(({ accountId }) => !survivors.has(accountId)),
    ...links.filter(({ accountId }) => survivors.has(accountId)),
  ];
  for (const link of ownFirst) {
    const accountId = survivorOf(link.accountId);
    const parentId = survivorOf(link.parentId);
    if (accountId === parentId) continue;
    const taken = resolved.get(accountId) ?? [];
    const free = freeDays(link, taken).map((days) => ({ accountId, parentId, ...days }));
    resolved.set(
      accountId,
      [...taken, ...free].sort((a, b) => (a.fromOn < b.fromOn ? -1 : 1)),
    );
  }
  return resolved;
}

/** What is left of some days without those that are taken; `taken` rises and does not overlap. */
function freeDays(days: Days, taken: readonly Days[]): readonly Days[] {
  const free: Days[] = [];
  let nextOn: PlainDate | null = days.fromOn;
  for (const other of taken) {
    if (nextOn === null) return free;
    const common = shared(other, { fromOn: nextOn, untilOn: days.untilOn });
    if (common === null) continue;
    if (common.fromOn > nextOn) free.push({ fromOn: nextOn, untilOn: common.fromOn });
    nextOn = common.untilOn;
  }
  if (nextOn !== null && (days.untilOn === null || nextOn < days.untilOn)) {
    free.push({ fromOn: nextOn, untilOn: days.untilOn });
  }
  return free;
}
