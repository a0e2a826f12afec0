// From a row of a metrics answer to the movements behind it.

import { filterOfRow } from "@accrete/db/metrics/drilldown.ts";
import type { MovementQuestion } from "@accrete/db/movements/list.ts";
import { builder } from "./builder.ts";
import { type Context, loadersAt } from "./context.ts";
import { type AnsweredRow, MetricsRowType } from "./metrics-row.ts";
import { MovementConnection, MovementType } from "./movements.ts";
import { MovementOrderInput } from "./movements-filter.ts";
import { pageArgs } from "./terms.ts";

builder.objectField(MetricsRowType, "movements", (t) =>
  t.connection(
    {
      type: MovementType,
      description:
        "The ledger's movements behind this row: unreversed, dated in its period, of its group and the question's filter. They sum to the row's flows exactly under `method: EVENT`, `netting: NONE`, `accountLevel: ACCOUNT` and `usage: BILLED_RECURRING`, each in its own currency; under any other of these they are the facts behind what the policy netted or typed anew, and `accountChanges` sums to the row. TOO_COMPLEX when more than 200 rows of one answer are asked for theirs.",
      args: {
        orderBy: t.arg({
          type: [MovementOrderInput],
          description: "The order; by EFFECTIVE_ON ascending when left out or empty. A field may appear once.",
        }),
      },
      resolve: async (row, args, context) => {
        const page = pageArgs(args);
        const orderBy = args.orderBy ?? [];
        const question = await movementsOfRow(context, row, orderBy);
        return {
          ...(await loadersAt(context, row.known).movementsOfQuestion.of({ page, orderBy }).load(question)),
          totalCount: () => loadersAt(context, row.known).movementsCountOfQuestion.load(question),
        };
      },
    },
    MovementConnection,
  ),
);

/** What the row's movements are asked by. */
export async function movementsOfRow(
  context: Context,
  row: AnsweredRow,
  orderBy: MovementQuestion["orderBy"],
): Promise<MovementQuestion> {
  const { ledgerVersion, policy, question, period, group } = row;
  const filter = filterOfRow({ ...question, period, group });
  const settings = filter.segment ? await loadersAt(context, row.known).settings() : null;
  const segments = settings && {
    bands: settings.segmentBands,
    at: policy.segmentAt,
    rates: await loadersAt(context, row.known).constantRates(),
    period: { fromOn: period.fromOn, untilOn: period.untilOn },
  };
  const parents = filter.parentIds ? await loadersAt(context, row.known).resolvedParents() : null;
  return {
    filter,
    context: { workspaceId: context.tx.workspaceId, ledgerVersion, parents, ...(segments ? { segments } : {}) },
    entries: "UNREVERSED",
    orderBy,
  };
}
