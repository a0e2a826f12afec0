// Invented companies and people: what the demo's accounts are called, and who looks after them.

import { at, type Random } from "./random.ts";

export const industries = [
  "Software",
  "Financial Services",
  "Healthcare",
  "Manufacturing",
  "Retail",
  "Education",
  "Media",
  "Logistics",
  "Energy",
  "Professional Services",
] as const;
export type Industry = (typeof industries)[number];

const suffixes: Readonly<Record<Industry, readonly string[]>> = {
  Software: ["Software", "Systems", "Labs", "Cloud"],
  "Financial Services": ["Capital", "Insurance", "Payments", "Trust"],
  Healthcare: ["Health", "Clinics", "Biosciences", "Diagnostics"],
  Manufacturing: ["Industries", "Tooling", "Components", "Works"],
  Retail: ["Market", "Outfitters", "Goods", "Home"],
  Education: ["Academy", "Learning", "College", "Press"],
  Media: ["Media", "Studios", "Pictures", "Radio"],
  Logistics: ["Freight", "Logistics", "Shipping", "Couriers"],
  Energy: ["Energy", "Solar", "Power", "Grid"],
  "Professional Services": ["Partners", "Advisory", "Design", "Consulting"],
};

const firstHalves =
  "Alder Amber Arbor Ash Beacon Birch Bright Broad Cedar Clear Cobalt Copper Crest Dawn Elm Fair Fern Flint Fox Glen Gold Grey Harbor Hazel Heron High Iron Ivory Kestrel Lark Linden Long Maple Marble Meadow Mill North Oak Otter Pine".split(
    " ",
  );
const secondHalves =
  "bank bridge brook burn bury combe court cove croft dale fell field ford gate haven hill holm hurst land leigh lock mere mont moor mount point port ridge shaw shore side stead stone thorpe vale view water well wick wood worth".split(
    " ",
  );

/** A company name of that industry that has not been given yet, such as "Harborstone Freight". */
export function newCompanyName(random: Random, industry: Industry, given: Set<string>): string {
  for (;;) {
    const stem = `${random.pick(firstHalves)}${random.pick(secondHalves)}`;
    const name = `${stem} ${random.pick(suffixes[industry])}`;
    if (given.has(stem) || given.has(name)) continue;
    given.add(stem).add(name);
    return name;
  }
}

/** "Harborstone Freight" as "harborstone-freight". */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

export const regions = ["North America", "EMEA", "APAC", "LATAM"] as const;
export type Region = (typeof regions)[number];

export const countries: Readonly<Record<Region, readonly string[]>> = {
  "North America": ["United States", "United States", "United States", "Canada"],
  EMEA: ["Germany", "United Kingdom", "France", "Netherlands", "Sweden", "Spain"],
  APAC: ["Australia", "Japan", "Singapore", "India"],
  LATAM: ["Brazil", "Mexico", "Chile"],
};

const ownersByRegion: Readonly<Record<Region, readonly string[]>> = {
  "North America": ["Dana Whitfield", "Marcus Oyelaran", "Priya Raman"],
  EMEA: ["Ingrid Solberg", "Tomasz Wilk", "Clara Vidal"],
  APAC: ["Kenji Morita", "Asha Menon"],
  LATAM: ["Lucia Ferreira"],
};

/** Who looks after accounts of a region. */
export function ownerOf(random: Random, region: Region): string {
  return random.pick(ownersByRegion[region]);
}

/** Another owner of the region than this one, or the only one there is. */
export function otherOwner(owner: string, region: Region): string {
  const owners = ownersByRegion[region];
  return at(owners, (owners.indexOf(owner) + 1) % owners.length);
}
