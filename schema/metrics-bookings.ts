// Bookings beside ARR: what is signed and not yet live, and the bridges between the two.

import {
  askBookings,
  type Bookings,
  type BookingsMonth,
  type Changes,
  type Commitments,
  net,
  type PendingMovement,
} from "@accrete/db/metrics/bookings.ts";
import { AccountType } from "./accounts.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { knownAs, loadersAt } from "./context.ts";
import { WindowInput, WindowType } from "./metrics.ts";
import { PeriodType } from "./metrics-group.ts";
import { moneyText, unitArgs } from "./metrics-money.ts";
import { MovementType } from "./movements.ts";
import { MovementFilterInput, movementFilter } from "./movements-filter.ts";
import { askedAsOf, asOfArgs, pageArgs } from "./terms.ts";

type InCurrency<Shape> = Shape & { readonly currency: string };

const BookedChangesType = builder.objectRef<InCurrency<Changes>>("BookedChanges").implement({
  description: "Signed changes of ARR, increases and decreases told apart, both positive. Reporting currency.",
  fields: (t) => ({
    increases: t.field({
      type: "Decimal",
      description: "New contracts, ramp steps and other increases.",
      args: unitArgs,
      resolve: ({ increaseMinor, currency }, { unit }) => moneyText(increaseMinor, unit, currency),
    }),
    decreases: t.field({
      type: "Decimal",
      description: "Cancellations and other decreases, as a positive amount.",
      args: unitArgs,
      resolve: ({ decreaseMinor, currency }, { unit }) => moneyText(decreaseMinor, unit, currency),
    }),
    net: t.field({
      type: "Decimal",
      description: "increases − decreases; may be below 0.",
      args: unitArgs,
      resolve: (changes, { unit }) => moneyText(net(changes), unit, changes.currency),
    }),
  }),
});

const CommitmentsType = builder.objectRef<InCurrency<Commitments>>("Commitments").implement({
  description:
    "How things stand at a boundary of the window, at the end of the day before it: committedArr = liveArr + pending.net. Reporting currency.",
  fields: (t) => ({
    liveArr: t.field({
      type: "Decimal",
      description: "ARR in effect: openingArr or closingArr of the metrics at constant rates.",
      args: unitArgs,
      resolve: ({ liveMinor, currency }, { unit }) => moneyText(liveMinor, unit, currency),
    }),
    committedArr: t.field({
      type: "Decimal",
      description: "Every change that was in effect or signed by then.",
      args: unitArgs,
      resolve: ({ committedMinor, currency }, { unit }) => moneyText(committedMinor, unit, currency),
    }),
    pending: t.field({
      type: BookedChangesType,
      description: "Signed by then and not yet in effect.",
      resolve: ({ pending, currency }) => ({ ...pending, currency }),
    }),
  }),
});

const BookingsMonthType = builder.objectRef<InCurrency<BookingsMonth>>("BookingsMonth").implement({
  description: "What is pending at the closing and takes effect in one calendar month.",
  fields: (t) => ({
    period: t.field({
      type: PeriodType,
      description: "The month; the first one begins no earlier than the closing, and is then flagged partial.",
      resolve: ({ period }) => period,
    }),
    changes: t.field({
      type: BookedChangesType,
      description: "What takes effect in it.",
      resolve: (month) => month,
    }),
  }),
});

const PendingMovementType = builder.objectRef<At<InCurrency<PendingMovement>>>("PendingMovement").implement({
  description: "A movement that is signed and not yet in effect at the closing of a window.",
  fields: (t) => ({
    movement: t.field({
      type: MovementType,
      description: "The movement, with its account, line, product and reason.",
      resolve: ({ movementId, known }, _args, context) => loadersAt(context, known).movement.get(movementId),
    }),
    effectiveOn: t.expose("effectiveOn", { type: "Date", description: "When it takes effect." }),
    signedOn: t.expose("signedOn", {
      type: "Date",
      description:
        "When it was signed: bookedOn, or, where that is not stated, the UTC day on which the fact was first recorded.",
    }),
    amount: t.field({
      type: "Decimal",
      description: "The change of ARR in the reporting currency, signed.",
      args: unitArgs,
      resolve: ({ amountMinor, currency }, { unit }) => moneyText(amountMinor, unit, currency),
    }),
  }),
});

const PendingMovementConnection = builder.connectionObject(
  { type: PendingMovementType, name: "PendingMovementConnection", description: "One page of pending movements." },
  { name: "PendingMovementEdge", description: "A pending movement and its place in the list." },
);

const BookingsType = builder.objectRef<At<Bookings>>("Bookings").implement({
  description:
    "Committed beside live ARR over a window. Committed: opening.committedArr + newlySigned + immediate = closing.committedArr. Live: opening.liveArr + wentLive + immediate = closing.liveArr. Pending: opening.pending − wentLive + newlySigned = closing.pending. All exactly, in net.",
  fields: (t) => {
    const changes = (of: (bookings: Bookings) => Changes, description: string) =>
      t.field({
        type: BookedChangesType,
        description,
        resolve: (bookings) => ({ ...of(bookings), currency: bookings.currency }),
      });
    return {
      opening: t.field({
        type: CommitmentsType,
        description: "At the window's opening.",
        resolve: ({ opening, currency }) => ({ ...opening, currency }),
      }),
      closing: t.field({
        type: CommitmentsType,
        description: "At the window's closing.",
        resolve: ({ closing, currency }) => ({ ...closing, currency }),
      }),
      wentLive: changes(({ wentLive }) => wentLive, "Signed before the window, effective in it."),
      newlySigned: changes(({ newlySigned }) => newlySigned, "Signed in the window, effective after it."),
      immediate: changes(
        ({ immediate }) => immediate,
        "Effective in the window and signed in it or later: never pending at either end.",
      ),
      schedule: t.field({
        type: [BookingsMonthType],
        description:
          "closing.pending by the month in which it takes effect, in order; months without any are left out.",
        resolve: ({ schedule, currency }) => schedule.map((month) => ({ ...month, currency })),
      }),
      pendingMovements: t.connection(
        {
          type: PendingMovementType,
          description: "The movements of closing.pending, by the day on which they take effect.",
          resolve: async ({ pendingMovements, countPendingMovements, known, currency }, args) => {
            const page = await pendingMovements(pageArgs(args));
            return {
              ...page,
              edges: page.edges.map((edge) => ({ ...edge, node: { ...edge.node, known, currency } })),
              totalCount: countPendingMovements,
            };
          },
        },
        PendingMovementConnection,
      ),
      residual: t.field({
        type: "Decimal",
        description:
          'What the bridges leave unexplained, summed without sign: "0.00"; anything else is a fault of ours.',
        resolve: ({ residualMinor, currency }) => moneyText(residualMinor, "ARR", currency),
      }),
      window: t.field({ type: WindowType, description: "The window asked for.", resolve: ({ window }) => window }),
      currency: t.field({
        type: "CurrencyCode",
        description: "The reporting currency, in which all money of the answer is.",
        resolve: ({ currency }) => currency,
      }),
      ledgerVersion: t.field({
        type: "BigInt",
        description: "The ledger version that the answer was read from.",
        resolve: ({ ledgerVersion }) => ledgerVersion,
      }),
    };
  },
});

builder.queryField("bookings", (t) =>
  t.field({
    type: BookingsType,
    description:
      "What is signed beside what is live: ramp steps and scheduled cancellations before they take effect, and the bridges between committed and live ARR. By account, with all usage, at constant rates; no metrics policy enters. RATE_MISSING for a currency without a constant rate.",
    args: {
      window: t.arg({ type: WindowInput, required: true, description: "The span of days." }),
      filter: t.arg({
        type: MovementFilterInput,
        description:
          "Which accounts, by what is said of them on the window's last day; all when left out. Conditions on lines, flows, segments and days are BAD_USER_INPUT: bookings are of whole accounts.",
      }),
      ...asOfArgs,
    },
    resolve: async (_root, { window, filter, asOf }, context) => {
      const known = await knownAs(context, askedAsOf(asOf));
      const question = { window, filter: movementFilter(filter), asOf: known.asOf };
      return { ...(await askBookings(context.tx, question)), known };
    },
  }),
);

builder.objectField(AccountType, "committedArr", (t) =>
  t.field({
    type: "Decimal",
    description:
      "The account's own ARR that is in effect or signed by the end of a day: `arr` and what is pending of it. Reporting currency, at constant rates; RATE_MISSING for a currency without one.",
    args: {
      on: t.arg({ type: "Date", description: "The day; today (UTC; with `asOf`, its day) when left out." }),
      ...unitArgs,
    },
    resolve: async ({ id: accountId, known }, { on, unit }, context) => {
      const loaders = loadersAt(context, known);
      const [arrMinor, { reportingCurrency }] = await Promise.all([
        loaders.committed.load({ accountId, on: on ?? known.on }),
        loaders.settings(),
      ]);
      return moneyText(arrMinor, unit, reportingCurrency);
    },
  }),
);
