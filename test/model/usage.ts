// What usage periods make of METERED lines: each version cut into the stretches in which it is worth one amount, found day by day.

import type { BillingInterval } from "@accrete/db/contracts/terms.ts";
import { type Day, dayOf, partsOf } from "./calendar.ts";
import { decimalsOf, type LineFact, type UsageFact } from "./facts.ts";
import { Fraction } from "./fraction.ts";
import { perYear } from "./value.ts";

/** Days after a period was due until the line counts as silent. */
const graceDays = 45;

const months: Partial<Record<BillingInterval, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12, THREE_YEARS: 36 };

/** One billing interval later; a month that is too short ends on its last day. */
export function oneIntervalLater(day: Day, interval: BillingInterval): Day {
  if (interval === "DAY") return day + 1;
  if (interval === "WEEK") return day + 7;
  const { year, month, dayOfMonth } = partsOf(day);
  const later = year * 12 + (month - 1) + (months[interval] ?? 0);
  const first = dayOf(`${Math.floor(later / 12)}-${(later % 12) + 1}-1`);
  const next = dayOf(`${Math.floor((later + 1) / 12)}-${((later + 1) % 12) + 1}-1`);
  return Math.min(first + dayOfMonth - 1, next - 1);
}

/**
 * A usage period, and how often a year it was billed: by the line's version of its last day in the same
 * account, else of the day after. */
type Billed = UsageFact & { readonly interval: BillingInterval | null };

/** The lines as usage leaves them: those that no usage period speaks of as they are. */
export function withUsage(lines: readonly LineFact[], usage: readonly UsageFact[]): LineFact[] {
  return lines.flatMap((line) => {
    const versions = lines.filter(({ lineId, accountId }) => lineId === line.lineId && accountId === line.accountId);
    const inForce = (day: Day) => versions.find(({ from, until }) => from <= day && (until === null || day < until));
    const own = usage
      .filter(({ lineId }) => lineId === line.lineId)
      .map((period) => ({
        ...period,
        interval: (inForce(period.until - 1) ?? inForce(period.until))?.interval ?? null,
      }));
    return line.kind === "METERED" && own.length > 0 ? stretchesOf(line, own) : [line];
  });
}

const lapseOf = ({ until, interval }: Billed) => oneIntervalLater(until, interval ?? "MONTH") + graceDays;

function stretchesOf(line: LineFact, own: readonly Billed[]): LineFact[] {
  const stretches: LineFact[] = [];
  // After the last period's lapse nothing changes any more.
  const last = Math.max(line.from, ...own.map(lapseOf));
  const end = line.until ?? last + 1;
  let from = line.from;
  for (let day = line.from + 1; day <= Math.min(end, last + 1); day += 1) {
    if (day < end && worthOn(line, own, day) === worthOn(line, own, from)) continue;
    stretches.push({ ...line, from, until: day, usageArr: worthOn(line, own, from) });
    from = day;
  }
  if (from < end || line.until === null) {
    stretches.push({ ...line, from, until: line.until, usageArr: worthOn(line, own, from) });
  }
  return stretches;
}

/** The last completed period's amount as a year's, unless the next one is overdue by more than the grace. */
function worthOn(line: LineFact, own: readonly Billed[], day: Day): bigint {
  let latest: Billed | null = null;
  for (const period of own) if (period.until <= day && (!latest || latest.until < period.until)) latest = period;
  if (!latest || day >= lapseOf(latest)) return 0n;
  const minorUnits = Fraction.of(10n ** BigInt(decimalsOf[line.currency] ?? 2));
  return Fraction.parse(latest.amount)
    .times(perYear[latest.interval ?? line.interval])
    .times(minorUnits)
    .roundHalfEven();
}
