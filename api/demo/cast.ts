// Who the demo's accounts are: names, attributes, when they came, and the groups of companies that some belong to.

import { addDays, type PlainDate } from "@accrete/db/kernel/dates.ts";
import { type Band, bands, type DemoGroup, type DemoMember, demoGroups } from "./groups.ts";
import type { DemoLine } from "./lines.ts";
import {
  countries,
  type Industry,
  industries,
  newCompanyName,
  otherOwner,
  ownerOf,
  type Region,
  slugOf,
} from "./names.ts";
import { type Random, randomNamed } from "./random.ts";

/** What is said of an account from a day on; null days hold since always. */
export type AccountFacts = {
  readonly fromOn: PlainDate | null;
  readonly parentId: string | null;
  readonly channel: string;
  readonly region: Region;
  readonly industry: Industry;
  readonly owner: string | null;
  readonly country: string;
  readonly employees: string;
};

export type DemoAccount = {
  readonly id: string;
  readonly name: string;
  readonly band: Band;
  /** The day of its first contract; null for a holding that never buys itself. */
  readonly startOn: PlainDate | null;
  readonly facts: readonly AccountFacts[];
  readonly lines: DemoLine[];
};

/** How many accounts of each band are customers when the last quarter opens. */
const activeAccounts: Readonly<Record<Band, number>> = { Enterprise: 12, "Mid-Market": 32, SMB: 300 };

/** How many of each band have come and gone by then. */
export const churnedAccounts: Readonly<Record<Band, number>> = { Enterprise: 0, "Mid-Market": 3, SMB: 53 };

/** Months after January 2023 in which the first contract may begin. */
const startMonths: Readonly<Record<Band, MonthRange>> = {
  Enterprise: [0, 15],
  "Mid-Market": [0, 27],
  SMB: [0, 32],
};

/** Those that leave again before the last quarter come early enough to have been customers for a while. */
const lastStartMonthOfChurned = 25;

const employees: Readonly<Record<Band, readonly string[]>> = {
  Enterprise: ["1001-5000", "5001+"],
  "Mid-Market": ["201-1000", "201-1000", "1001-5000"],
  SMB: ["1-50", "1-50", "51-200"],
};

const channels: Readonly<Record<Band, readonly (readonly [string, number])[]>> = {
  Enterprise: [["Direct", 75] as const, ["Partner", 25] as const],
  "Mid-Market": [["Direct", 50] as const, ["Partner", 30] as const, ["Self-Serve", 20] as const],
  SMB: [["Self-Serve", 60] as const, ["Direct", 15] as const, ["Partner", 10] as const, ["Marketplace", 15] as const],
};

/** Every account in order: the groups first, then the rest of each band, then those that have gone. `acme` is told elsewhere. */
export function castAccounts(): {
  readonly active: DemoAccount[];
  readonly churned: DemoAccount[];
  readonly holdings: DemoAccount[];
} {
  const given = new Set<string>(["acme"]);
  const grouped = demoGroups.flatMap((group) => membersOf(group, group.top, null));
  const holdings = grouped.filter((account) => account.startOn === null);
  const members = grouped.filter((account) => account.startOn !== null);
  const active = bands.flatMap((band) => {
    const own = members.filter((account) => account.band === band);
    const left = activeAccounts[band] - own.length - (band === "Mid-Market" ? 1 : 0);
    return [
      ...own,
      ...Array.from({ length: left }, (_, index) =>
        newAccount({ band, slot: `active ${index}`, months: startMonths[band] }, given),
      ),
    ];
  });
  const churned = bands.flatMap((band) =>
    Array.from({ length: churnedAccounts[band] }, (_, index) =>
      newAccount({ band, slot: `churned ${index}`, months: churnedMonths(band) }, given),
    ),
  );
  return { active, churned, holdings };
}

function membersOf(group: DemoGroup, member: DemoMember, parentId: string | null): DemoAccount[] {
  const name = `${group.stem} ${member.suffix}`;
  const random = randomNamed(`group ${name}`);
  const account: DemoAccount = {
    id: slugOf(name),
    name,
    band: member.band ?? "Enterprise",
    startOn: member.band === null ? null : startOf(random, member.band, startMonths[member.band]),
    facts: factsOf(random, {
      band: member.band ?? "Enterprise",
      industry: group.industry,
      region: member.region,
      parentId,
      joinedOn: member.joinedOn ?? null,
      country: member.country ?? null,
    }),
    lines: [],
  };
  return [account, ...(member.children ?? []).flatMap((child) => membersOf(group, child, account.id))];
}

type MonthRange = readonly [first: number, last: number];

function churnedMonths(band: Band): MonthRange {
  const [first, last] = startMonths[band];
  return [first, Math.min(last, lastStartMonthOfChurned)];
}

type AccountWanted = { readonly band: Band; readonly slot: string; readonly months: MonthRange };

function newAccount({ band, slot, months }: AccountWanted, given: Set<string>): DemoAccount {
  const random = randomNamed(`account ${band} ${slot}`);
  const industry = random.pick(industries);
  const name = newCompanyName(random, industry, given);
  const region = random.weighted<Region>([
    ["North America", 45],
    ["EMEA", 33],
    ["APAC", 15],
    ["LATAM", 7],
  ]);
  return {
    id: slugOf(name),
    name,
    band,
    startOn: startOf(random, band, months),
    facts: factsOf(random, { band, industry, region, parentId: null, joinedOn: null, country: null }),
    lines: [],
  };
}

/** The first contract's day: early in the month where it is negotiated, any day where it is bought by card. */
function startOf(random: Random, band: Band, [first, last]: MonthRange): PlainDate {
  const month = random.int(first, last);
  const day = band === "SMB" ? random.int(1, 28) : random.pick([1, 1, 15]);
  const year = 2023 + Math.trunc(month / 12);
  return `${year}-${String((month % 12) + 1).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

type FactsWanted = {
  readonly band: Band;
  readonly industry: Industry;
  readonly region: Region;
  readonly parentId: string | null;
  /** When a group bought the company; null when it always belonged to it. */
  readonly joinedOn: PlainDate | null;
  /** null for any country of the region. */
  readonly country: string | null;
};

/** One set of facts, or two where a group bought the company or its owner changed, never in the last quarter. */
function factsOf(random: Random, wanted: FactsWanted): AccountFacts[] {
  const { band, industry, region, parentId, joinedOn } = wanted;
  const isOwned = band !== "SMB" || random.chance(30);
  const first: AccountFacts = {
    fromOn: null,
    parentId: joinedOn === null ? parentId : null,
    channel: random.weighted(channels[band]),
    region,
    industry,
    owner: isOwned ? ownerOf(random, region) : null,
    country: wanted.country ?? random.pick(countries[region]),
    employees: random.pick(employees[band]),
  };
  if (joinedOn !== null) return [first, { ...first, fromOn: joinedOn, parentId }];
  if (first.owner === null || !random.chance(12)) return [first];
  const handedOverOn = addDays("2024-03-01", random.int(0, 500));
  return [first, { ...first, fromOn: handedOverOn, owner: otherOwner(first.owner, region) }];
}
