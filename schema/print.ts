// Writes schema/schema.graphql: the contract that the SDK is generated from and that reviewers read. A test fails when it is stale.

import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isIntrospectionType, isSpecifiedScalarType, printType } from "graphql";
import { schema } from "./index.ts";

const header = "# Printed from the Pothos schema by `pnpm generate:schema`. Do not edit.\n\n";

/** The schema as text: types by name; fields and enum values in the order in which they are defined, which for drivers decides ties. */
export function printSdl(): string {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  types.sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${header}${types.map(printType).join("\n\n")}\n`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(fileURLToPath(new URL("schema.graphql", import.meta.url)), printSdl());
}
