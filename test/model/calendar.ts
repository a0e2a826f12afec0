// The model's days: whole numbers since 1970-01-01, so that "the day before" is minus one. Text only at the edges.

/** Days since 1970-01-01. */
export type Day = number;

const dayMs = 86_400_000;

export function dayOf(text: string): Day {
  const [year = 0, month = 1, day = 1] = text.split("-").map(Number);
  return Date.UTC(year, month - 1, day) / dayMs;
}

export function textOf(day: Day): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

export function partsOf(day: Day): { year: number; month: number; dayOfMonth: number; weekday: number } {
  const date = new Date(day * dayMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    dayOfMonth: date.getUTCDate(),
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
  };
}
