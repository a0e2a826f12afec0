// The one Pothos builder. It holds no types: each noun's file adds its own, and index.ts assembles them.

import type { PlainDate } from "@accrete/db/kernel/dates.ts";
import SchemaBuilder, { type EnumRef } from "@pothos/core";
import RelayPlugin from "@pothos/plugin-relay";
import type { Context } from "./context.ts";
import { decodeNodeId, encodeNodeId, requireNodesMax } from "./nodes.ts";

export type SchemaShapes = {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Connection: { totalCount: () => Promise<number> };
  Scalars: {
    ID: { Input: string; Output: string };
    Date: { Input: PlainDate; Output: PlainDate };
    DateTime: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    Ratio: { Input: string; Output: string };
    CurrencyCode: { Input: string; Output: string };
    BigInt: { Input: bigint; Output: bigint };
  };
};

const sizes = "1 to 200; a page is 50 long when neither `first` nor `last` is given. Both together are BAD_USER_INPUT.";
const cursors =
  "A cursor of this list, in this order and this workspace; any other is BAD_USER_INPUT. It stays valid while the list grows.";

export const builder = new SchemaBuilder<SchemaShapes>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  relay: {
    cursorType: "String",
    encodeGlobalID: (typename, id) => encodeNodeId(typename, String(id)),
    decodeGlobalID: (text) => decodeNodeId(text),
    idFieldOptions: {
      description: "Opaque, prefixed by the type (`acc_…`), and stable: it never changes or is reused.",
    },
    nodeTypeOptions: { description: "Anything that can be fetched again by its id alone." },
    nodeQueryOptions: {
      description:
        "One object by its id, of whichever type the id's prefix says. Null when nothing with this id exists in the key's workspace; BAD_USER_INPUT when the text is not an id.",
      args: { id: { description: "Such as `acc_01h455vb4pex5vsknk084sn02q`." } },
    },
    nodesQueryOptions: {
      description:
        "Several objects by id, in the order asked, each null when nothing with its id exists in the key's workspace. BAD_USER_INPUT when a text is not an id or more than 200 are asked.",
      args: { ids: { description: "At most 200 ids, of any types." } },
      resolve: (_root, { ids }, _context, _info, resolveNodes) => {
        requireNodesMax(ids.length);
        return resolveNodes(ids);
      },
    },
    pageInfoTypeOptions: { description: "Where a page stands in its list." },
    hasNextPageFieldOptions: { description: "Whether rows follow this page." },
    hasPreviousPageFieldOptions: { description: "Whether rows come before this page." },
    startCursorFieldOptions: { description: "The first row's cursor, for `before`; null when the page is empty." },
    endCursorFieldOptions: { description: "The last row's cursor, for `after`; null when the page is empty." },
    cursorFieldOptions: { description: "This row's place in the list, for `after` and `before`." },
    nodeFieldOptions: { description: "The row itself." },
    edgesFieldOptions: { description: "The page's rows, each with its cursor." },
    nodesOnConnection: { description: "The page's rows without their cursors, in the same order as `edges`." },
    pageInfoFieldOptions: { description: "Where this page stands in the list." },
    firstArgOptions: { description: `How many rows from the start of the list, or after \`after\`: ${sizes}` },
    lastArgOptions: { description: `How many rows from the end of the list, or before \`before\`: ${sizes}` },
    afterArgOptions: { description: `Only rows after this one. ${cursors}` },
    beforeArgOptions: { description: `Only rows before this one. ${cursors}` },
  },
});

builder.globalConnectionField("totalCount", (t) =>
  t.int({
    description: "How many rows the whole list has, whatever the page. Counted only when asked for.",
    resolve: (connection) => connection.totalCount(),
  }),
);

builder.queryType({
  description: "What can be asked. One operation reads one snapshot: all of its answer is of one ledger version.",
});

builder.mutationType({
  description:
    "What can be written. One operation is one transaction: all of its mutations are booked, or, when one of them fails, none.",
});

/** An enum whose words come from db, each with its description; the order is the list's. */
export function wordsEnum<const Word extends string>(
  name: string,
  words: readonly Word[],
  about: { readonly description: string; readonly values: Readonly<Record<Word, string>> },
): EnumRef<typeof builder.$inferSchemaTypes, Word> {
  const values = Object.fromEntries(words.map((word) => [word, { value: word, description: about.values[word] }]));
  return builder.enumType(name, { description: about.description, values: values as EnumValues<Word> }) as never;
}

type EnumValues<Word extends string> = Record<Word, { readonly value: Word; readonly description: string }>;
