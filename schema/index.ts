// Assembles the schema: each noun's file adds itself to the builder.

import "./scalars.ts";
import "./workspaces.ts";
import "./workspaces-closings.ts";
import "./catalog.ts";
import "./rates.ts";
import "./accounts.ts";
import "./accounts-parents.ts";
import "./contracts.ts";
import "./contracts-usage.ts";
import "./movements.ts";
import "./movements-arr.ts";
import "./movements-merges.ts";
import "./movements-corrections.ts";
import "./movements-deletions.ts";
import "./movements-restatements.ts";
import "./policies.ts";
import "./policies-saved.ts";
import "./policies-changes.ts";
import "./metrics.ts";
import "./metrics-account.ts";
import "./metrics-movements.ts";
import "./metrics-changes.ts";
import "./metrics-reconciliation.ts";
import "./metrics-quality.ts";
import "./metrics-accounts.ts";
import "./metrics-bridge.ts";
import "./metrics-migration.ts";
import "./metrics-explain.ts";
import "./metrics-bookings.ts";
import "./metrics-currency.ts";
import "./metrics-series.ts";
import "./ingestion.ts";
import "./ingestion-usage.ts";
import "./ingestion-corrections.ts";
import type { GraphQLSchema } from "graphql";
import { builder } from "./builder.ts";

/** The schema that the API serves and that schema.graphql prints. */
export const schema: GraphQLSchema = builder.toSchema({ sortSchema: false });
