// Exchange rates in named sets: what they hold, which of them questions read, and how they are stated.

import { rateSetKinds } from "@accrete/db/rates/kinds.ts";
import { countRates, type ExchangeRate, listRates } from "@accrete/db/rates/list.ts";
import {
  chooseRateSets,
  findRateSets,
  listRateSets,
  type RateSet,
  type RatesResult,
  setRates,
} from "@accrete/db/rates/store.ts";
import { type At, rowsAt } from "./batching.ts";
import { builder, wordsEnum } from "./builder.ts";
import { type Context, knownAs, writing } from "./context.ts";
import { askedAsOf, asOfArgs, pageArgs, RefusalType } from "./terms.ts";
import { loadWorkspace, WorkspaceType } from "./workspaces.ts";

const RateSetKindEnum = wordsEnum("RateSetKind", rateSetKinds, {
  description: "What a rate set's rates are of; a set never changes its kind.",
  values: {
    CONSTANT: "One rate per pair of currencies, for all days: what the policy's CONSTANT reads.",
    DATED: "A rate holds from its day until the next one of its pair: what the policy's REPORTED reads.",
  },
});

const ExchangeRateType = builder
  .objectRef<ExchangeRate & { readonly kind: RateSet["kind"] }>("ExchangeRate")
  .implement({
    description: "What one unit of a currency is worth in another, on some days.",
    fields: (t) => ({
      fromCurrency: t.expose("fromCurrency", { type: "CurrencyCode", description: "The currency that is converted." }),
      toCurrency: t.expose("toCurrency", { type: "CurrencyCode", description: "The currency that it is read in." }),
      fromOn: t.field({
        type: "Date",
        nullable: true,
        description: "The first day on which the rate holds; null in a CONSTANT set, whose rates hold on all days.",
        resolve: ({ kind, fromOn }) => (kind === "CONSTANT" ? null : fromOn),
      }),
      untilOn: t.expose("untilOn", {
        type: "Date",
        nullable: true,
        description: "The first day of the pair's next rate; null when none follows.",
      }),
      rate: t.expose("rate", {
        type: "Decimal",
        description: "How many units of `toCurrency` one unit of `fromCurrency` is worth, as it was stated.",
      }),
      recordedAt: t.expose("recordedAt", { type: "DateTime", description: "When the rate was recorded." }),
      ledgerVersion: t.field({
        type: "BigInt",
        description: "The ledger version that recorded it.",
        resolve: ({ recordedVersion }) => recordedVersion,
      }),
    }),
  });

const RateSetType = builder.objectRef<At<RateSet>>("RateSet");

const ExchangeRateConnection = builder.connectionObject(
  { type: ExchangeRateType, name: "ExchangeRateConnection", description: "One page of rates." },
  { name: "ExchangeRateEdge", description: "A rate and its place in the list." },
);

RateSetType.implement({
  description: "A named set of exchange rates. Only direct rates count: there are no inverse and no cross rates.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "What the set is called; unique in the workspace." }),
    kind: t.expose("kind", { type: RateSetKindEnum, description: "What its rates are of." }),
    rates: t.connection(
      {
        type: ExchangeRateType,
        description: "Its rates by pair and day.",
        args: {
          on: t.arg({ type: "Date", description: "Only the rates that hold on this day; all when left out." }),
          fromCurrency: t.arg({ type: "CurrencyCode", description: "Only rates from this currency." }),
          toCurrency: t.arg({ type: "CurrencyCode", description: "Only rates into this currency." }),
        },
        resolve: async ({ id, kind, known }, { on, fromCurrency, toCurrency, ...args }, { tx }) => {
          const filter = { rateSetId: id, version: known.version, on, fromCurrency, toCurrency };
          const page = await listRates(tx, filter, pageArgs(args));
          const edges = page.edges.map((edge) => ({ ...edge, node: { ...edge.node, kind } }));
          return { ...page, edges, totalCount: () => countRates(tx, filter) };
        },
      },
      ExchangeRateConnection,
    ),
  }),
});

builder.queryField("rateSets", (t) =>
  t.field({
    type: [RateSetType],
    description: "The workspace's rate sets, by name. A set is known from its first rate on.",
    args: asOfArgs,
    resolve: async (_root, { asOf }, context) => {
      const known = await knownAs(context, askedAsOf(asOf));
      return rowsAt(await listRateSets(context.tx, known.version), known);
    },
  }),
);

builder.objectFields(WorkspaceType, (t) => ({
  constantRateSet: t.field({
    type: RateSetType,
    nullable: true,
    description:
      "The rate set that the currency treatment CONSTANT reads; null until one is chosen, which only a workspace of one currency can do without.",
    resolve: ({ settings, known }, _args, { tx }) => findChosen(tx, settings.constantRateSetId, known),
  }),
  reportedRateSet: t.field({
    type: RateSetType,
    nullable: true,
    description: "The rate set that the currency treatment REPORTED reads; null until one is chosen.",
    resolve: ({ settings, known }, _args, { tx }) => findChosen(tx, settings.reportedRateSetId, known),
  }),
}));

async function findChosen(
  tx: Context["tx"],
  id: string | null,
  known: At<RateSet>["known"],
): Promise<At<RateSet> | null> {
  const [set] = id === null ? [] : await findRateSets(tx, [id]);
  return set ? { ...set, known } : null;
}

builder.mutationField("setRateSets", (t) =>
  t.field({
    type: WorkspaceType,
    description:
      "Chooses the rate sets that questions read, from now on; questions `asOf` an earlier version keep the earlier ones. What is left out stays; null chooses none. BAD_USER_INPUT when no set has the name, or the set is of the other kind. Needs a key of the scope `admin`.",
    args: {
      constant: t.arg.string({ description: "The name of a CONSTANT set, for the currency treatment CONSTANT." }),
      reported: t.arg.string({ description: "The name of a DATED set, for the currency treatment REPORTED." }),
    },
    resolve: async (_root, choice, context) => {
      await writing(context, { needs: "admin", action: "set rate sets" }, (tx, author) =>
        chooseRateSets(tx, choice, author),
      );
      return loadWorkspace(context);
    },
  }),
);

const FxRateInput = builder.inputType("FxRateInput", {
  description: "One rate of a set.",
  fields: (t) => ({
    fromCurrency: t.field({ type: "CurrencyCode", required: true, description: "The currency that is converted." }),
    toCurrency: t.field({
      type: "CurrencyCode",
      required: true,
      description: "The currency that it is read in: the workspace's reporting currency.",
    }),
    fromOn: t.field({
      type: "Date",
      description: "The first day on which the rate holds: required in a DATED set, refused in a CONSTANT one.",
    }),
    rate: t.field({
      type: "Decimal",
      description:
        "How many units of `toCurrency` one unit of `fromCurrency` is worth: above 0, below 1,000,000,000, at most 12 decimals. Null withdraws what was stated for the pair and day; left out it is refused.",
    }),
  }),
});

const SetFxRatesResult = builder.objectRef<RatesResult>("SetFxRatesResult").implement({
  description: "What became of a list of rates.",
  fields: (t) => ({
    rateSet: t.field({
      type: RateSetType,
      nullable: true,
      description: "The set as it is now; null when the list was refused.",
      resolve: async ({ rateSet }, _args, context) => rateSet && { ...rateSet, known: await knownAs(context, null) },
    }),
    changed: t.exposeInt("changed", { description: "How many rates the books did not have, or had otherwise." }),
    unchanged: t.exposeInt("unchanged", { description: "How many rates say what the books say already." }),
    restatements: t.exposeInt("restatements", {
      description: "How many of the changed rates hold on a day of a closed period, where late facts are booked.",
    }),
    ledgerVersion: t.expose("ledgerVersion", {
      type: "BigInt",
      description: "The workspace's ledger version after the list.",
    }),
    refusals: t.field({
      type: [RefusalType],
      description:
        "Why nothing was booked, by place in the list; empty when the list was booked. Codes: CURRENCIES_EQUAL, RATE_OUT_OF_RANGE, RATE_DAY_MISSING, RATE_DAY_NOT_ALLOWED, RATE_REPEATED, RATE_UNKNOWN, PERIOD_CLOSED.",
      resolve: ({ refusals }) => refusals,
    }),
  }),
});

builder.mutationField("setFxRates", (t) =>
  t.field({
    type: SetFxRatesResult,
    description:
      "States exchange rates of one set. Booked as a whole or not at all; a rate for the same pair and day supersedes the one before it, and what is recorded already changes nothing. A set that is not there comes to be, of the `kind` that is said. Needs a key of the scope `write`.",
    args: {
      rateSet: t.arg.string({ required: true, description: "The set's name, 1 to 100 characters." }),
      kind: t.arg({
        type: RateSetKindEnum,
        description:
          "What a new set is of. For a set that is there it may be left out; BAD_USER_INPUT when it is not the set's.",
      }),
      rates: t.arg({ type: [FxRateInput], required: true, description: "1 to 10,000 rates, in any order." }),
    },
    resolve: (_root, { rateSet, kind, rates }, context) =>
      writing(context, { needs: "write", action: "set rates" }, (tx, author) =>
        setRates(tx, { rateSet, kind, rates: rates.map(({ rate = "", ...row }) => ({ ...row, rate })) }, author),
      ),
  }),
);
