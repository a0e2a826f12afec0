// How the SDK's types and documents are generated: from the committed schema and sdk/operations, into sdk/generated.

import type { CodegenConfig } from "@graphql-codegen/cli";

// Strings on the wire, named for the reader: exact decimals never become floats, 64-bit counts never lose digits, and a `Date` of
// JavaScript, which is an instant, is never taken for a calendar day.
const scalars = {
  ID: "string",
  Date: "PlainDate",
  DateTime: "Instant",
  Decimal: "Decimal",
  Ratio: "Ratio",
  CurrencyCode: "CurrencyCode",
  BigInt: "WholeNumber",
};

const config: CodegenConfig = {
  schema: "schema/schema.graphql",
  documents: "sdk/operations/*.graphql",
  // Enum values keep the schema's order, which is the order of ties and of tables.
  config: { sort: false },
  generates: {
    "sdk/generated/types.ts": {
      plugins: ["./sdk/codegen/types.mjs"],
      config: {
        enumType: "const",
        namingConvention: { enumValues: "keep" },
        inlineFragmentTypes: "combine",
        omitOperationSuffix: true,
        printFieldsOnNewLines: true,
        immutableTypes: true,
        skipTypename: true,
        strictScalars: true,
        scalars,
      },
    },
    "sdk/generated/documents.ts": {
      plugins: ["./sdk/codegen/documents.mjs"],
      config: { typesFrom: "./types.ts", documentFrom: "../document.ts" },
    },
  },
};

export default config;
