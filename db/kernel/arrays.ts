// Columns of rows as Postgres array literals, for `from unnest(…)`: written here, once per value, because the driver guesses an array's
// type from its first element and escapes every one.

/** Values that need no quotes: uuids, dates, numbers, booleans, words of closed lists. Null stands for NULL. */
export function wordArray(values: readonly (string | bigint | boolean | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** Any text. Null stands for NULL. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : `"${value.replace(/["\\]/g, "\\$&")}"`)).join(",")}}`;
}
