// Where facts came from: the import behind a movement.

import { type ImportKind, importKinds } from "@accrete/db/ingestion/kinds.ts";
import { publicId } from "@accrete/db/kernel/ids.ts";
import type { MovementRow } from "@accrete/db/movements/list.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { type Context, loadersAt } from "./context.ts";
import { MovementReasonType } from "./movements.ts";

type SourceRecord = {
  readonly batchId: string;
  readonly kind: ImportKind;
  readonly fileName: string | null;
  readonly row: number | null;
};

const kindDescriptions: Readonly<Record<ImportKind, string>> = {
  catalog: "Products and plans.",
  accounts: "Accounts, their attributes and parents.",
  "contract-lines": "Contract lines, from which movements are derived.",
  movements: "Ready-made movements.",
  rates: "Exchange rates, in named sets.",
  usage: "What was billed for metered lines.",
};

const ImportKindEnum = builder.enumType("ImportKind", {
  description: "What kind of file was imported.",
  values: Object.fromEntries(
    importKinds.map((kind) => [
      kind.toUpperCase().replaceAll("-", "_"),
      { value: kind, description: kindDescriptions[kind] },
    ]),
  ),
});

const SourceRecordType = builder.objectRef<SourceRecord>("SourceRecord").implement({
  description: "The row of an import that a movement goes back to.",
  fields: (t) => ({
    batchId: t.id({
      description: "The import's opaque id, `imp_…`.",
      resolve: (record) => publicId("importBatch", record.batchId),
    }),
    kind: t.field({ type: ImportKindEnum, description: "What kind of file it was.", resolve: (record) => record.kind }),
    fileName: t.exposeString("fileName", {
      nullable: true,
      description: "The file's name as it was sent; null when it had none.",
    }),
    row: t.exposeInt("row", {
      nullable: true,
      description: "The row of the file, the first after the header being 1; null when no single row is behind it.",
    }),
  }),
});

builder.objectField(MovementReasonType, "sourceRecord", (t) =>
  t.field({
    type: SourceRecordType,
    nullable: true,
    description:
      "The row of the import that stated it: the movement's own, or that of the line's version after (before, when the line ended). Null when no import stated it: a correction was made by hand.",
    resolve: (movement, _args, context) => sourceRecordOf(movement, context),
  }),
);

async function sourceRecordOf(movement: At<MovementRow>, context: Context): Promise<SourceRecord | null> {
  const loaders = loadersAt(context, movement.known);
  const line = await loaders.contractLine.findOptional(movement.versionAfterId ?? movement.versionBeforeId);
  const { batchId, sourceRow } = line ?? movement;
  const batch = await loaders.importBatch.find(batchId);
  return batch && { batchId, kind: batch.kind, fileName: batch.fileName, row: sourceRow };
}
