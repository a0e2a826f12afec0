// One unit through one period, day by day and balance by balance: what each stood at, in the reporting currency, and what moved it.

import { type Books, converted, holdingsOn, ledgerDaysOf, movementsOf, type Treatment } from "./books.ts";
import type { Day } from "./calendar.ts";
import { byText, lineKey, type ModelMovement, type ModelTransfer, type Tuple } from "./facts.ts";
import { sumOf } from "./fraction.ts";
import type { Span } from "./question.ts";

/** An amount of the reporting currency on a line value, with what was said of the account on a day. */
export type Spot = Tuple & { readonly said: Day; readonly amount: bigint };

/** What was carried inside the unit: what left the one spot is, but for a minor unit of rounding, what reached the other. */
export type Carried = { readonly from: Spot; readonly to: Spot };

export type Walk = {
  readonly opening: readonly Spot[];
  readonly closing: readonly Spot[];
  /** The closing balances at the opening's rates, without what re-parented accounts brought and with what they took. */
  readonly kept: readonly Spot[];
  readonly flows: readonly { readonly movement: ModelMovement; readonly amount: bigint }[];
  readonly fx: readonly Spot[];
  readonly carried: readonly Carried[];
  /** What re-parented accounts took, and what they brought, by balance. */
  readonly left: readonly (Spot & { readonly on: Day; readonly key: string; readonly toUnit: string })[];
  readonly came: readonly (Spot & { readonly on: Day; readonly key: string })[];
  /** The whole ARR at the end of each day on which something happened, oldest first. */
  readonly evenings: readonly { readonly on: Day; readonly arr: bigint }[];
};

/** Converts a balance at a day's rate; what is missing is for whoever made it to note. */
export type Convert = (amount: bigint, currency: string, day: Day) => bigint;

export function converter(books: Books, treatment: Treatment): Convert {
  return (amount, currency, day) => converted(books, treatment, { amount, currency, day });
}

type State = { tuple: Tuple; native: bigint; standing: bigint; said: Day | null };

const tupleOf = ({ productId, planId, currency }: Tuple): Tuple => ({ productId, planId, currency });

export function walk(books: Books, unitId: string, period: Span, convert: Convert): Walk {
  const first = period.from - 1;
  const last = period.until - 1;
  const states = new Map<string, State>();
  for (const { key, amount, ...holding } of holdingsOn(books, unitId, first)) {
    const standing = convert(amount, holding.currency, first);
    states.set(key, { tuple: tupleOf(holding), native: amount, standing, said: null });
  }
  const opening = [...states.values()].map(({ tuple, standing }) => ({ ...tuple, said: first, amount: standing }));
  const isCohort = sumOf(opening.map(({ amount }) => amount)) > 0n;
  const flows: { movement: ModelMovement; amount: bigint }[] = [];
  const fx: Spot[] = [];
  const carried: Carried[] = [];
  const left: (Spot & { on: Day; key: string; toUnit: string })[] = [];
  const came: (Spot & { on: Day; key: string })[] = [];
  const kept = new Kept();
  const evenings: { on: Day; arr: bigint }[] = [];

  const own = movementsOf(books, unitId);
  const days = new Set([...ledgerDaysOf(books, unitId), ...books.accounts.map(({ from }) => from)]);
  for (const day of [...days].filter((one) => period.from <= one && one <= last).sort((a, b) => a - b)) {
    const stateOf = (key: string, tuple: Tuple): State => {
      const state = states.get(key) ?? { tuple: tupleOf(tuple), native: 0n, standing: 0n, said: day };
      states.set(key, state);
      return state;
    };
    /** Brings a balance to the day's rate where it stands; the difference is the currency's alone. */
    const revalue = (state: State, said: Day) => {
      const now = convert(state.native, state.tuple.currency, day);
      if (now !== state.standing) fx.push({ ...state.tuple, said, amount: now - state.standing });
      state.standing = now;
    };
    const step = (state: State, amount: bigint): bigint => {
      const before = state.standing;
      state.native += amount;
      state.standing = convert(state.native, state.tuple.currency, day);
      return state.standing - before;
    };

    /**
     * A balance that goes elsewhere today goes straight from where it stood yesterday, at today's rate. What the rate made of it stands
     * with what is said of the account today; so what it was worth besides goes there, too.
     */
    const leave = (state: State) => {
      const { tuple, standing } = state;
      revalue(state, day);
      const besides = standing - state.standing;
      carried.push({
        from: { ...tuple, said: day - 1, amount: besides },
        to: { ...tuple, said: day, amount: besides },
      });
    };

    // Re-parented accounts go first, with all that they had the evening before.
    for (const { key, toUnit, on } of books.moves.filter((move) => move.on === day && move.fromUnit === unitId)) {
      const state = stateOf(key, { productId: null, planId: null, currency: "" });
      leave(state);
      left.push({ ...state.tuple, said: day - 1, amount: state.standing, on, key, toUnit });
      kept.add(key, state.tuple, state.native);
      states.delete(key);
    }
    const transfers = books.transfers.filter((transfer) => transfer.on === day && transfer.unitId === unitId);
    const sources = new Set(transfers.map(fromKey));
    for (const [key, state] of states) {
      state.said = null;
      if (sources.has(key)) {
        leave(state);
        continue;
      }
      // What the account is said to be may be new today: the balance stands with it, as it was valued last.
      const { tuple, standing } = state;
      carried.push({
        from: { ...tuple, said: day - 1, amount: standing },
        to: { ...tuple, said: day, amount: standing },
      });
      state.said = day;
    }
    for (const { key, amount, on, ...move } of books.moves.filter((one) => one.on === day && one.toUnit === unitId)) {
      const state = stateOf(key, move);
      step(state, amount);
      came.push({ ...state.tuple, said: day, amount: state.standing, on, key });
      kept.add(key, state.tuple, -amount);
    }
    const movements = own.filter((movement) => movement.on === day);
    const touched = new Set([...transfers.map(toKey), ...movements.map(({ key }) => key)]);
    for (const [key, state] of states) if (touched.has(key) && !sources.has(key)) revalue(state, day);

    const outs = new Map<ModelTransfer, Spot>();
    for (const transfer of inOrder(transfers, "toLineId")) {
      const from = { productId: transfer.fromProductId, planId: transfer.fromPlanId, currency: transfer.currency };
      const state = stateOf(fromKey(transfer), from);
      outs.set(transfer, { ...from, said: state.said ?? day - 1, amount: -step(state, -transfer.amount) });
    }
    for (const transfer of inOrder(transfers, "fromLineId")) {
      const to = { productId: transfer.toProductId, planId: transfer.toPlanId, currency: transfer.currency };
      const out = outs.get(transfer);
      const amount = step(stateOf(toKey(transfer), to), transfer.amount);
      if (out) carried.push({ from: out, to: { ...to, said: day, amount } });
    }
    for (const movement of movements) {
      flows.push({ movement, amount: step(stateOf(movement.key, movement), movement.amount) });
    }
    settle(books, unitId, day, states);
    evenings.push({ on: day, arr: sumOf([...states.values()].map(({ standing }) => standing)) });
  }

  const closing: Spot[] = [];
  for (const [key, { tuple, native, standing }] of states) {
    const amount = convert(native, tuple.currency, last);
    if (amount !== standing) fx.push({ ...tuple, said: last, amount: amount - standing });
    closing.push({ ...tuple, said: last, amount });
    kept.add(key, tuple, native);
  }
  return {
    opening,
    closing,
    kept: isCohort ? kept.spots(convert, first) : [],
    flows,
    fx,
    carried,
    left,
    came,
    evenings,
  };
}

/** Native balances by key and line value: a closing without what was brought and with what was taken. */
class Kept {
  readonly #sums = new Map<string, { readonly tuple: Tuple; readonly native: bigint }>();

  add(key: string, tuple: Tuple, amount: bigint): void {
    const label = JSON.stringify([key, tuple.productId, tuple.planId]);
    const native = (this.#sums.get(label)?.native ?? 0n) + amount;
    this.#sums.set(label, { tuple, native });
  }

  spots(convert: Convert, day: Day): Spot[] {
    return [...this.#sums.values()].map(({ tuple, native }) => ({
      ...tuple,
      said: day,
      amount: convert(native, tuple.currency, day),
    }));
  }
}

const fromKey = ({ fromLineId, currency }: ModelTransfer) => lineKey({ lineId: fromLineId, currency });
const toKey = ({ toLineId, currency }: ModelTransfer) => lineKey({ lineId: toLineId, currency });

function inOrder(transfers: readonly ModelTransfer[], counterpart: "fromLineId" | "toLineId"): ModelTransfer[] {
  const plan = counterpart === "fromLineId" ? "fromPlanId" : "toPlanId";
  return [...transfers].sort((a, b) => byText(a[counterpart], b[counterpart]) || byText(a[plan], b[plan]));
}

/** In the evening the balances have to be what the lines are worth: else the model's own ledger is wrong. */
function settle(books: Books, unitId: string, day: Day, states: Map<string, State>): void {
  const held = new Map(holdingsOn(books, unitId, day).map((holding) => [holding.key, holding]));
  for (const [key, state] of states) {
    const holding = held.get(key);
    if (state.native !== (holding?.amount ?? 0n)) {
      throw new RangeError(`${unitId} on ${day}: ${key} moved to ${state.native} and is ${holding?.amount ?? 0n}`);
    }
    if (holding) state.tuple = tupleOf(holding);
    else states.delete(key);
  }
  for (const [key, { amount }] of held) {
    if (!states.has(key)) throw new RangeError(`${unitId} on ${day}: ${key} is ${amount} and never moved`);
  }
}
