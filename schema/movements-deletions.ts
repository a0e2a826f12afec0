// Deleting contract lines by hand. Here and not with the lines, because the ledger follows.

import { badInput } from "@accrete/db/kernel/errors.ts";
import { requirePublicId } from "@accrete/db/kernel/ids.ts";
import { type DeletedLine, type Deletion, deleteContractLines } from "@accrete/db/movements/deletions.ts";
import { builder } from "./builder.ts";
import { writing } from "./context.ts";

const DeletedLineInput = builder.inputType("DeletedLineInput", {
  description: "A contract line to delete, named by exactly one of `lineId` and `externalId`.",
  fields: (t) => ({
    lineId: t.id({ description: "The line's id, `lin_…`, equal for all its versions." }),
    externalId: t.string({ description: "The line's id in the source system." }),
    fromOn: t.field({
      type: "Date",
      description: "Only the version that starts on this day; the whole line when left out.",
    }),
  }),
});

const DeletionType = builder.objectRef<Deletion>("ContractLineDeletion").implement({
  description: "What a deletion of contract lines has done.",
  fields: (t) => ({
    versionCount: t.exposeInt("versionCount", {
      description:
        "How many versions counted until now; 0 when all of them were deleted before, and nothing is written.",
    }),
    movementsAppended: t.exposeInt("movementsAppended", {
      description: "Movements that follow from what is left of the accounts' lines.",
    }),
    movementsReversed: t.exposeInt("movementsReversed", { description: "Movements that no longer hold." }),
    restatements: t.exposeInt("restatements", {
      description: "Rows of the ledger, transfers included, that are about closed periods.",
    }),
    ledgerVersion: t.expose("ledgerVersion", { type: "BigInt", description: "The ledger version after it." }),
  }),
});

builder.mutationField("deleteContractLines", (t) =>
  t.field({
    type: DeletionType,
    description:
      "Deletes contract lines, or single versions of them, that should never have been recorded; a line that ended keeps its versions, and gets an `until_on` by import. The ledger takes back what was derived from them. What is deleted already is no error; an import of its rows records it anew. NOT_FOUND for a line that was never recorded, BAD_USER_INPUT (field `fromOn`) for a day on which none of its versions ever started, PERIOD_CLOSED when the ledger of a closed period would change and late facts are refused. Needs a key of the scope `write`.",
    args: {
      lines: t.arg({ type: [DeletedLineInput], required: true, description: "1 to 1,000 lines." }),
    },
    resolve: (_root, { lines }, context) =>
      writing(context, { needs: "write", action: "delete contract lines" }, (tx, author) =>
        deleteContractLines(tx, lines.map(lineOf), author),
      ),
  }),
);

function lineOf({ lineId, externalId, fromOn }: typeof DeletedLineInput.$inferInput): DeletedLine {
  const stated = { fromOn: fromOn ?? null };
  if (lineId != null && externalId == null) {
    return { ...stated, lineId: requirePublicId("contractLine", String(lineId), "lineId") };
  }
  if (lineId == null && externalId != null) return { ...stated, externalId };
  return badInput("lines", "A line is named by `lineId` or by `externalId`, by one of both.");
}
