// Assembles the schema: each noun's file adds itself to the builder.

import "./scalars.ts";
import "./workspaces.ts";
import "./workspaces-closings.ts";
import "./catalog.ts";
import "./accounts.ts";
import "./accounts-parents.ts";
import "./contracts.ts";
import "./movements.ts";
import "./movements-restatements.ts";
import "./policies.ts";
import "./metrics.ts";
import "./metrics-account.ts";
import "./metrics-movements.ts";
import "./ingestion.ts";
import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";

/** The schema that the API serves and that schema.graphql prints. */
export const schema: GraphQLSchema = builder.toSchema({ sortSchema: false });
