// Chance for the demo data: mulberry32 over 32-bit integers, so that every machine and every run draws the same numbers.

/** A stream of draws; two streams of the same name draw the same. */
export type Random = {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** True in `percent` of a hundred draws. */
  chance(percent: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** A value, as often as its weight says. */
  weighted<T>(choices: readonly (readonly [value: T, weight: number])[]): T;
  shuffled<T>(values: readonly T[]): T[];
};

/** The stream of that name: streams do not disturb each other, so one account's story can change without moving the others. */
export function randomNamed(name: string): Random {
  let state = hashOf(name);

  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const int = (min: number, max: number): number => min + (next() % (max - min + 1));
  const pick = <T>(choices: readonly T[]): T => at(choices, int(0, choices.length - 1));

  return {
    int,
    pick,
    chance: (percent) => int(1, 100) <= percent,
    weighted: (choices) => {
      let draw = int(
        1,
        choices.reduce((sum, [, weight]) => sum + weight, 0),
      );
      for (const [value, weight] of choices) {
        draw -= weight;
        if (draw <= 0) return value;
      }
      throw new RangeError("there is nothing to draw from");
    },
    shuffled: (values) => {
      const order = [...values];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = int(0, last);
        const moved = at(order, last);
        order[last] = at(order, other);
        order[other] = moved;
      }
      return order;
    },
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}

/** The value at an index that must exist. */
export function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`nothing at ${index} of ${values.length}`);
  return value;
}
