// The demo's contract lines while their story is told: dated versions, what each is worth a year, and how a line changes or ends.

import type { BillingInterval } from "@accrete/db/contracts/terms.ts";
import { lineArrMinor, type LineTerms as PriceTerms } from "@accrete/db/contracts/value.ts";
import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import { formatMoney } from "@accrete/db/kernel/money.ts";

export const motions = ["product-led", "sales-led", "success-led", "marketing"] as const;
export type Motion = (typeof motions)[number];

/** Why a version began: who brought it about, for which campaign, and when it was signed. */
export type Reason = { readonly motion: Motion; readonly campaign: string | null; readonly bookedOn: PlainDate };

/** What a line says from a day on. Amounts in cents of USD, per billing period. */
export type LineTerms = {
  readonly planId: string;
  readonly quantity: number;
  readonly unitPriceMinor: bigint;
  readonly interval: BillingInterval;
  /** 0 for none. */
  readonly discountPercent: number;
  /** 0 for none. */
  readonly discountMinor: bigint;
};

export type LineVersion = LineTerms & Reason & { readonly fromOn: PlainDate };

/** A line as it stands in the story so far: versions in order of time, each in force until the next. */
export type DemoLine = {
  readonly id: string;
  readonly contractId: string;
  readonly versions: LineVersion[];
  untilOn: PlainDate | null;
};

export const currency = "USD";

/** The terms as a file carries them: plain decimals, in dollars. */
export function priceTermsOf(terms: LineTerms): PriceTerms {
  return {
    quantity: String(terms.quantity),
    unitPrice: formatMoney(terms.unitPriceMinor, currency),
    discountPercent: terms.discountPercent === 0 ? null : String(terms.discountPercent),
    discountAmount: terms.discountMinor === 0n ? null : formatMoney(terms.discountMinor, currency),
    billingInterval: terms.interval,
    currency,
  };
}

/** The ARR of these terms, in cents. */
export function arrOfTerms(terms: LineTerms): bigint {
  return lineArrMinor(priceTermsOf(terms));
}

/** The version in force on a day; null when the line is not. */
export function versionOn(line: DemoLine, on: PlainDate): LineVersion | null {
  if (line.untilOn !== null && line.untilOn <= on) return null;
  return line.versions.findLast((version) => version.fromOn <= on) ?? null;
}

/** The summed ARR of lines at the end of a day, in cents. */
export function arrOn(lines: readonly DemoLine[], on: PlainDate): bigint {
  return lines.reduce((sum, line) => {
    const version = versionOn(line, on);
    return version ? sum + arrOfTerms(version) : sum;
  }, 0n);
}

/** The last version of a line. */
export function latest(line: DemoLine): LineVersion {
  const version = line.versions.at(-1);
  if (!version) throw new RangeError(`line ${line.id} has no version`);
  return version;
}

/** From that day on the line has these terms; the day must be later than all before. */
export function changeLine(line: DemoLine, on: PlainDate, changed: Partial<LineTerms>, reason: Reason): void {
  const before = latest(line);
  if (on <= before.fromOn) throw new RangeError(`${line.id} cannot change on ${on}: it did on ${before.fromOn}`);
  line.versions.push({ ...before, ...changed, ...reason, fromOn: on });
}

/** Every day on which something happens to one of the lines. */
export function daysOf(lines: readonly DemoLine[]): Set<PlainDate> {
  return new Set(
    lines.flatMap((line) => [...line.versions.map((v) => v.fromOn), ...(line.untilOn === null ? [] : [line.untilOn])]),
  );
}

/** From that day on the line is over. */
export function endLine(line: DemoLine, on: PlainDate): void {
  line.untilOn = on;
}
