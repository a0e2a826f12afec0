// The usage of metered lines: what was billed in each completed billing period.

import type { UsageRow } from "@accrete/db/contracts/usage.ts";
import type { At } from "./batching.ts";
import { builder } from "./builder.ts";
import { loadersAt } from "./context.ts";
import { ContractLineType } from "./contracts.ts";
import { pageArgs } from "./terms.ts";

const UsagePeriodType = builder.objectRef<At<UsageRow>>("UsagePeriod").implement({
  description: "What was billed for a metered line in one completed billing period, beyond the commitment.",
  fields: (t) => ({
    fromOn: t.expose("fromOn", { type: "Date", description: "The period's first day." }),
    untilOn: t.expose("untilOn", {
      type: "Date",
      description: "The first day after it: from this day on it counts, until the next period's.",
    }),
    amount: t.expose("amount", { type: "Decimal", description: "For the whole period, in the line's currency." }),
  }),
});

const UsagePeriodConnection = builder.connectionObject(
  { type: UsagePeriodType, name: "UsagePeriodConnection", description: "One page of usage periods." },
  { name: "UsagePeriodEdge", description: "A usage period and its place in the list." },
);

builder.objectField(ContractLineType, "usage", (t) =>
  t.connection(
    {
      type: UsagePeriodType,
      description:
        "What was billed for the line, period by period, by first day; the same for all versions of the line. ARR is the last completed period's amount × billing periods per year, until 45 days after the next period was due. Empty for lines that are not metered.",
      resolve: async (line, args, context) => {
        const loaders = loadersAt(context, line.known);
        const page = await loaders.usage.of(pageArgs(args)).load(line.lineId);
        return { ...page, totalCount: () => loaders.usageCount.load(line.lineId) };
      },
    },
    UsagePeriodConnection,
  ),
);
