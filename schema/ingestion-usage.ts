// Usage as a mutation's list: the very rows of a usage file, one by one.

import { findLineKeys } from "@accrete/db/contracts/list.ts";
import type { Fault } from "@accrete/db/ingestion/faults.ts";
import { type RecordResult, recordRows } from "@accrete/db/ingestion/record.ts";
import { badInput } from "@accrete/db/kernel/errors.ts";
import { requirePublicId } from "@accrete/db/kernel/ids.ts";
import { builder } from "./builder.ts";
import { writing } from "./context.ts";
import { RefusalType } from "./terms.ts";

const ContractLineReferenceInput = builder.inputType("ContractLineReference", {
  description: "One contract line, by exactly one of its ids.",
  isOneOf: true,
  fields: (t) => ({
    id: t.id({ description: "The opaque id of the line (`lineId`), `lin_…`. BAD_USER_INPUT when malformed." }),
    externalId: t.string({ description: "The id in the source system." }),
  }),
});

const UsageInput = builder.inputType("UsageInput", {
  description: "What was billed for a metered line in one completed billing period, beyond the commitment.",
  fields: (t) => ({
    line: t.field({ type: ContractLineReferenceInput, required: true, description: "The metered line." }),
    fromOn: t.field({ type: "Date", required: true, description: "The period's first day." }),
    untilOn: t.field({ type: "Date", required: true, description: "The first day after it." }),
    amount: t.field({
      type: "Decimal",
      required: true,
      description: "For the whole period, in the line's currency; not negative, up to 12 decimals.",
    }),
  }),
});

const RecordUsageResult = builder.objectRef<RecordResult>("RecordUsageResult").implement({
  description: "What became of a list of usage.",
  fields: (t) => ({
    changed: t.int({
      description: "How many periods were not recorded so yet, and are now; 0 when the list was refused.",
      resolve: ({ result }) => result?.rowsChanged ?? 0,
    }),
    movementsAppended: t.int({
      description: "Movements that the ledger has since, reversals not counted.",
      resolve: ({ result }) => result?.movementsAppended ?? 0,
    }),
    movementsReversed: t.int({
      description: "Movements that were taken back, because the past reads otherwise now.",
      resolve: ({ result }) => result?.movementsReversed ?? 0,
    }),
    restatements: t.int({
      description: "Rows of the ledger about days of closed periods, where the workspace books late facts.",
      resolve: ({ result }) => result?.restatements ?? 0,
    }),
    ledgerVersion: t.field({
      type: "BigInt",
      nullable: true,
      description: "The ledger version that recorded them; null when nothing was recorded.",
      resolve: ({ result }) => (result?.outcome === "BOOKED" ? result.ledgerVersion : null),
    }),
    refusals: t.field({
      type: [RefusalType],
      description:
        "Why nothing was booked, by place in the list; empty when the list was booked. Codes are those of a usage file, such as LINE_UNKNOWN, LINE_NOT_METERED, USAGE_OVERLAPS and PERIOD_CLOSED; docs/ingestion.md lists them.",
      resolve: ({ faults }) =>
        faults.map(({ row, field, code, message, fix }: Fault) => ({
          index: row === null ? 0 : row - 1,
          field: field === null ? null : (fieldNames[field] ?? field),
          code,
          message,
          fix,
        })),
    }),
  }),
});

const fieldNames: Readonly<Record<string, string>> = { line_id: "line", from_on: "fromOn", until_on: "untilOn" };

const periodsMax = 1_000;

builder.mutationField("recordUsage", (t) =>
  t.field({
    type: RecordUsageResult,
    description:
      "Records what was billed for metered lines, period by period, and derives the accounts anew. Booked as a whole or not at all; a period that is recorded already changes nothing, and another amount or end for the same first day supersedes it. Periods of one line share no day. Needs a key of the scope `write`.",
    args: {
      usage: t.arg({ type: [UsageInput], required: true, description: "1 to 1,000 periods, in any order." }),
    },
    resolve: async (_root, { usage }, context) => {
      if (usage.length === 0 || usage.length > periodsMax) {
        badInput("usage", `'usage' holds ${usage.length} periods; 1 to ${periodsMax} are booked at once.`);
      }
      const lineIds = usage.map(({ line }, index) =>
        line.id == null ? null : requirePublicId("contractLine", line.id, `usage.${index}.line.id`),
      );
      return writing(context, { needs: "write", action: "record usage" }, async (tx, { actor }) => {
        const keys = await findLineKeys(
          tx,
          lineIds.flatMap((id) => id ?? []),
        );
        const rows = usage.map(({ line, fromOn, untilOn, amount }, index) => ({
          // An id that no line has is refused under its own name.
          line_id: line.externalId ?? keys.get(lineIds[index] ?? "") ?? line.id ?? "",
          from_on: fromOn,
          until_on: untilOn,
          amount,
        }));
        return recordRows(tx, { kind: "usage", rows, actor });
      });
    },
  }),
);
