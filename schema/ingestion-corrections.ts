// Correcting what is recorded by hand: ready-made movements. Contract lines are corrected by importing them as they were, or deleted.

import { type Corrected, type Correction, correctMovements } from "@accrete/db/ingestion/corrections.ts";
import type { MovementChange } from "@accrete/db/ingestion/movement-change.ts";
import { badInput } from "@accrete/db/kernel/errors.ts";
import { requirePublicId } from "@accrete/db/kernel/ids.ts";
import { builder } from "./builder.ts";
import { type Context, knownAs, loadersAt, writing } from "./context.ts";
import { LineKindEnum } from "./contracts.ts";
import { MovementType } from "./movements.ts";
import { DriverEnum, MovementTypeEnum } from "./movements-filter.ts";

const MovementChangeInput = builder.inputType("MovementChangeInput", {
  description:
    "The values of a ready-made movement that are to be others; what is left out stays as recorded. Its account and its id stay: a movement of another account is withdrawn, and imported under an id of its own.",
  fields: (t) => ({
    effectiveOn: t.field({ type: "Date", description: "The day from whose end on the change is true." }),
    type: t.field({
      type: MovementTypeEnum,
      description: "What it did to its account. A type without drivers leaves the recorded driver behind.",
    }),
    driver: t.field({
      type: DriverEnum,
      description: "What moved; required for EXPANSION and CONTRACTION, null for the other types.",
    }),
    amount: t.field({ type: "Decimal", description: "The signed change of ARR, in major units of `currency`." }),
    currency: t.field({ type: "CurrencyCode", description: "The currency of `amount`." }),
    product: t.string({ description: "The product's external id; null for none." }),
    plan: t.string({ description: "The plan's external id; null for none. Another product leaves it behind." }),
    kind: t.field({ type: LineKindEnum, description: "The kind of line; null for not stated, which is RECURRING." }),
    isAddOn: t.boolean({ description: "Whether the line is an add-on." }),
    motion: t.string({ description: "The sales motion; null for none." }),
    campaign: t.string({ description: "The campaign; null for none." }),
    bookedOn: t.field({ type: "Date", description: "When the change was signed; null for not stated." }),
  }),
});

const MovementCorrectionInput = builder.inputType("MovementCorrectionInput", {
  description: "What is to become of one recorded movement: `change` or `withdraw`, exactly one of both.",
  fields: (t) => ({
    movementId: t.id({ required: true, description: "The ready-made movement, `mov_…`, that counts now." }),
    change: t.field({ type: MovementChangeInput, description: "The values that are to be others." }),
    withdraw: t.boolean({ description: "True when the movement never was: nothing stands in for it." }),
    note: t.string({ description: "Why; kept with both movements. At most 1,000 characters." }),
  }),
});

const MovementCorrectionType = builder.objectRef<Corrected>("MovementCorrection").implement({
  description: "What a correction has booked.",
  fields: (t) => ({
    reversal: t.field({
      type: MovementType,
      description: "The reversal of what was recorded.",
      resolve: (corrected, _args, context) => newestMovement(context, corrected.reversalId),
    }),
    movement: t.field({
      type: MovementType,
      nullable: true,
      description: "The movement that stands in for it, under the same external id; null after a withdrawal.",
      resolve: ({ movementId }, _args, context) => (movementId === null ? null : newestMovement(context, movementId)),
    }),
  }),
});

const rules =
  "BAD_USER_INPUT, with the field, for a movement that is derived from a contract line (correct the line), a reversal, taken back already or booked by a merge, for values that an import would refuse, and when a day's types or balances would not fit any more. PERIOD_CLOSED when it is about a closed period and late facts are refused. Needs a key of the scope `write`.";

builder.mutationField("correctMovement", (t) =>
  t.field({
    type: MovementCorrectionType,
    description: `Corrects or withdraws one ready-made movement: the ledger takes it back by a reversal, and appends the corrected one. An import of its row as it was is refused from then on (MOVEMENT_ALREADY_RECORDED). ${rules}`,
    args: {
      movementId: t.arg.id({ required: true, description: "The ready-made movement, `mov_…`, that counts now." }),
      change: t.arg({ type: MovementChangeInput, description: "The values that are to be others; or `withdraw`." }),
      withdraw: t.arg.boolean({ description: "True when the movement never was; or `change`." }),
      note: t.arg.string({ description: "Why; kept with both movements. At most 1,000 characters." }),
    },
    resolve: async (_root, args, context) => {
      const [corrected] = await correct(context, [args]);
      if (!corrected) throw new TypeError("a correction without its outcome");
      return corrected;
    },
  }),
);

builder.mutationField("correctMovements", (t) =>
  t.field({
    type: [MovementCorrectionType],
    description: `Corrects or withdraws several ready-made movements at once, where one alone would leave its account's days unfit; in the order of the corrections. ${rules}`,
    args: {
      corrections: t.arg({
        type: [MovementCorrectionInput],
        required: true,
        description: "1 to 200 corrections, each of another movement.",
      }),
    },
    resolve: async (_root, { corrections }, context) => [...(await correct(context, corrections))],
  }),
);

type Asked = typeof MovementCorrectionInput.$inferInput;

function correct(context: Context, asked: readonly Asked[]): Promise<readonly Corrected[]> {
  return writing(context, { needs: "write", action: "correct movements" }, async (tx, author) => {
    return (await correctMovements(tx, asked.map(correctionOf), author)).corrected;
  });
}

function correctionOf({ movementId, change, withdraw, note }: Asked): Correction {
  if ((change == null) === (withdraw !== true)) badInput("change", "A correction says `change` or `withdraw: true`.");
  return {
    movementId: requirePublicId("movement", String(movementId), "movementId"),
    change: change == null ? null : changeOf(change),
    note,
  };
}

/** Null says something where there can be none, and nothing elsewhere. */
function changeOf(change: typeof MovementChangeInput.$inferInput): MovementChange {
  const { effectiveOn, type, amount, currency, isAddOn, ...optional } = change;
  return {
    ...optional,
    effectiveOn: effectiveOn ?? undefined,
    type: type ?? undefined,
    amount: amount ?? undefined,
    currency: currency ?? undefined,
    isAddOn: isAddOn ?? undefined,
  };
}

async function newestMovement(context: Context, id: string) {
  return loadersAt(context, await knownAs(context, null)).movement.get(id);
}
