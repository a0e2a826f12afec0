// The demo's groups of companies: parents, subsidiaries, and in a few a second level below them.

import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import type { Industry, Region } from "./names.ts";

/** The size that an account has grown to when the last quarter opens. */
export const bands = ["Enterprise", "Mid-Market", "SMB"] as const;
export type Band = (typeof bands)[number];

export type DemoMember = {
  /** Follows the group's stem in the name. */
  readonly suffix: string;
  /** null for a holding that never buys itself. */
  readonly band: Band | null;
  readonly region: Region;
  /** Where its name says so; absent where any country of the region will do. */
  readonly country?: string;
  /** When the group bought it; absent when it always belonged to it. */
  readonly joinedOn?: PlainDate;
  readonly children?: readonly DemoMember[];
};

export type DemoGroup = { readonly stem: string; readonly industry: Industry; readonly top: DemoMember };

const enterprise = (suffix: string, region: Region, children: readonly DemoMember[] = []): DemoMember => ({
  suffix,
  band: "Enterprise",
  region,
  children,
});
const midMarket = (suffix: string, region: Region, children: readonly DemoMember[] = []): DemoMember => ({
  suffix,
  band: "Mid-Market",
  region,
  children,
});
const smb = (suffix: string, region: Region): DemoMember => ({ suffix, band: "SMB", region });
const holding = (suffix: string, region: Region, children: readonly DemoMember[]): DemoMember => ({
  suffix,
  band: null,
  region,
  children,
});
const inCountry = (country: string, member: DemoMember): DemoMember => ({ ...member, country });
const bought = (joinedOn: PlainDate, member: DemoMember): DemoMember => ({ ...member, joinedOn });

export const demoGroups: readonly DemoGroup[] = [
  {
    stem: "Halvorsen",
    industry: "Energy",
    top: enterprise("Group", "EMEA", [
      midMarket("Offshore", "EMEA", [smb("Offshore Rentals", "EMEA"), smb("Offshore Training", "EMEA")]),
      midMarket("Wind", "EMEA"),
      smb("Grid Services", "EMEA"),
    ]),
  },
  {
    stem: "Castellane",
    industry: "Retail",
    top: enterprise("International", "North America", [
      inCountry("Canada", midMarket("Canada", "North America")),
      inCountry("Spain", midMarket("Iberia", "EMEA", [inCountry("Spain", smb("Iberia Online", "EMEA"))])),
      inCountry("Mexico", smb("Mexico", "LATAM")),
      smb("Outlet", "North America"),
    ]),
  },
  {
    stem: "Verityne",
    industry: "Healthcare",
    top: holding("Holdings", "North America", [
      enterprise("Hospitals", "North America"),
      midMarket("Diagnostics", "North America"),
      smb("Telehealth", "North America"),
    ]),
  },
  {
    stem: "Okumura",
    industry: "Manufacturing",
    top: holding("Industries", "APAC", [
      inCountry("Japan", enterprise("Precision", "APAC")),
      midMarket("Materials", "APAC", [inCountry("India", smb("Materials India", "APAC"))]),
    ]),
  },
  {
    stem: "Brennick",
    industry: "Financial Services",
    top: enterprise("Financial", "North America", [
      midMarket("Wealth", "North America"),
      bought("2025-03-01", smb("Ledgers", "North America")),
    ]),
  },
  {
    stem: "Tavares",
    industry: "Logistics",
    top: midMarket("Logistics", "LATAM", [smb("Air Cargo", "LATAM"), smb("Warehousing", "LATAM")]),
  },
  {
    stem: "Lumenrow",
    industry: "Media",
    top: holding("Media Group", "EMEA", [midMarket("Studios", "EMEA"), smb("Podcasts", "EMEA"), smb("Events", "EMEA")]),
  },
  {
    stem: "Ashgrove",
    industry: "Education",
    top: midMarket("Schools Trust", "EMEA", [smb("North", "EMEA"), smb("South", "EMEA"), smb("Digital", "EMEA")]),
  },
  {
    stem: "Quillon",
    industry: "Professional Services",
    top: holding("Partners Worldwide", "North America", [
      midMarket("Advisory", "North America"),
      midMarket("Asia", "APAC"),
    ]),
  },
  {
    stem: "Pellerin",
    industry: "Software",
    top: midMarket("Software", "North America", [
      bought("2024-07-01", smb("Payroll", "North America")),
      smb("Forms", "North America"),
    ]),
  },
];
