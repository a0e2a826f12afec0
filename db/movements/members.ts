// What the members of units hold while days pass, account by account: what each takes along when it goes from one unit to another.

import type { LineVersion } from "../contracts/version.ts";
import type { PlainDate } from "../kernel/dates.ts";
import type { LineChange } from "./days.ts";
import type { Carried } from "./history.ts";
import type { ReadyMade, ReadyMadeValue } from "./ready-made.ts";
import type { Membership, UnitTransfer } from "./unit.ts";

/** What goes in and out of one unit at the start of a day, and the transfers that bring something in. */
export type UnitMoves = {
  readonly carried: Carried[];
  readonly arrivals: Omit<UnitTransfer, "effectiveOn" | "startsUnit">[];
};

type Balance = { readonly value: ReadyMadeValue; amountMinor: bigint };

type Member = {
  readonly spans: readonly Membership[];
  /** Its current place in `spans`. */
  place: number;
  readonly lines: Map<string, LineVersion>;
  readonly balances: Map<string, Balance>;
};

/** Give it the days in order: first `moveOn`, then what the day changed by `record`. */
export class MemberBooks {
  readonly #members = new Map<string, Member>();
  /** The accounts that enter a unit on a day. */
  readonly #entering = new Map<PlainDate, string[]>();

  /** No account holds anything yet. */
  constructor(memberships: ReadonlyMap<string, readonly Membership[]>) {
    for (const [accountId, spans] of memberships) {
      this.#members.set(accountId, { spans, place: 0, lines: new Map(), balances: new Map() });
      for (const { fromOn } of spans.slice(1)) {
        const entering = this.#entering.get(fromOn);
        if (entering) entering.push(accountId);
        else this.#entering.set(fromOn, [accountId]);
      }
    }
  }

  /** The unit that the account is in on the day at which the books stand. */
  unitOf(accountId: string): string {
    return unitAt(this.#memberOf(accountId));
  }

  /** Takes the books to the day, and tells by unit what the accounts that change theirs hold at the end of the day before. */
  moveOn(on: PlainDate): ReadonlyMap<string, UnitMoves> {
    const moves = new Map<string, UnitMoves>();
    const movesOf = (unitId: string) => {
      let own = moves.get(unitId);
      if (!own) {
        own = { carried: [], arrivals: [] };
        moves.set(unitId, own);
      }
      return own;
    };
    for (const accountId of this.#entering.get(on) ?? []) {
      const member = this.#memberOf(accountId);
      const fromUnitId = unitAt(member);
      member.place += 1;
      const toUnitId = unitAt(member);
      if (fromUnitId === toUnitId) continue;
      const balances = [...member.balances.values()].filter(({ amountMinor }) => amountMinor !== 0n);
      movesOf(fromUnitId).carried.push(leaving(member.lines.values(), balances));
      const arriving = movesOf(toUnitId);
      arriving.carried.push(entering(member.lines.values(), balances));
      const way = { fromUnitId, toUnitId };
      for (const line of member.lines.values())
        if (line.arrMinor > 0n) arriving.arrivals.push({ ...way, ...ofLine(line) });
      for (const balance of balances) arriving.arrivals.push({ ...way, ...ofBalance(balance) });
    }
    return moves;
  }

  /** Notes what the day changed; of accounts that never change their unit, nothing need be known. */
  record(changes: readonly LineChange[], readyMade: readonly ReadyMade[]): void {
    if (this.#entering.size === 0) return;
    for (const { before } of changes) if (before) this.#memberOf(before.accountId).lines.delete(before.lineId);
    for (const { after } of changes) if (after) this.#memberOf(after.accountId).lines.set(after.lineId, after);
    for (const movement of readyMade) {
      const { accountId, productId, planId, kind, isAddOn, currency, amountMinor } = movement;
      const { balances } = this.#memberOf(accountId);
      const key = `${productId} ${planId} ${kind} ${isAddOn} ${currency}`;
      const balance = balances.get(key);
      if (balance) balance.amountMinor += amountMinor;
      else balances.set(key, { value: { accountId, productId, planId, kind, isAddOn, currency }, amountMinor });
    }
  }

  #memberOf(accountId: string): Member {
    const member = this.#members.get(accountId);
    if (!member) throw new RangeError(`account ${accountId} is in no unit`);
    return member;
  }
}

function unitAt({ spans, place }: Member): string {
  const span = spans[place];
  if (!span) throw new RangeError("an account is in a unit on every day");
  return span.unitId;
}

function leaving(lines: Iterable<LineVersion>, balances: readonly Balance[]): Carried {
  return {
    changes: [...lines].map((line) => ({ before: line, after: null })),
    readyMade: balances.map(({ value, amountMinor }) => ({ value, amountMinor: -amountMinor })),
  };
}

function entering(lines: Iterable<LineVersion>, balances: readonly Balance[]): Carried {
  return {
    changes: [...lines].map((line) => ({ before: null, after: line })),
    readyMade: balances.map(({ value, amountMinor }) => ({ value, amountMinor })),
  };
}

type Arrival = Omit<UnitTransfer, "effectiveOn" | "startsUnit" | "fromUnitId" | "toUnitId">;

function ofLine(line: LineVersion): Arrival {
  return {
    amountMinor: line.arrMinor,
    ...sameSides(line),
    fromLineId: line.lineId,
    toLineId: line.lineId,
    fromSourceId: line.lineExternalId,
    toSourceId: line.lineExternalId,
  };
}

function ofBalance({ value, amountMinor }: Balance): Arrival {
  return { amountMinor, ...sameSides(value), fromLineId: null, toLineId: null, fromSourceId: "", toSourceId: "" };
}

/** What crosses units stays in its account, and where it stood. */
function sameSides({ accountId, productId, planId, kind, isAddOn, currency }: ReadyMadeValue) {
  return {
    currency,
    fromAccountId: accountId,
    toAccountId: accountId,
    fromProductId: productId,
    fromPlanId: planId,
    toProductId: productId,
    toPlanId: planId,
    kind,
    isAddOn,
  };
}
