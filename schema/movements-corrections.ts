// What a correction leaves on a ready-made movement: which one it stands in for, which one stands in for it, and why.

import { builder } from "./builder.ts";
import { loadersAt } from "./context.ts";
import { MovementType } from "./movements.ts";

builder.objectFields(MovementType, (t) => ({
  corrects: t.field({
    type: MovementType,
    nullable: true,
    description: "The ready-made movement that this one stands in for, since correctMovement; null for any other.",
    resolve: (movement, _args, context) => loadersAt(context, movement.known).movement.findOptional(movement.corrects),
  }),
  correctedBy: t.field({
    type: MovementType,
    nullable: true,
    description:
      "The movement that stands in for this one, since correctMovement; null when there is none: it counts, was withdrawn, or is derived.",
    resolve: (movement, _args, context) => loadersAt(context, movement.known).correctionOf.load(movement.id),
  }),
  note: t.exposeString("note", {
    nullable: true,
    description: "Why it was corrected or withdrawn, on the movements of the correction; null when nothing was noted.",
  }),
}));
