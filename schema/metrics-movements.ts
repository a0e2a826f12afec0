// From a row of a metrics answer to the movements behind it.

import type { Hierarchy } from "@accrete/db/accounts/hierarchy.ts";
import { loadHierarchy } from "@accrete/db/accounts/merges.ts";
import {
  accountsOfFacts,
  filterOfFacts,
  filterOfStored,
  membersOf,
  readsStoredMovements,
} from "@accrete/db/metrics/facts.ts";
import type { MovementQuestion } from "@accrete/db/movements/list.ts";
import { LoadersByQuestion } from "./batching.ts";
import { builder } from "./builder.ts";
import { type Context, loadersAt } from "./context.ts";
import { countAsks } from "./metrics-asks.ts";
import { type AnsweredRow, MetricsRowType } from "./metrics-row.ts";
import { MovementConnection, MovementType } from "./movements.ts";
import { MovementOrderInput } from "./movements-filter.ts";
import { pageArgs } from "./terms.ts";

builder.objectField(MetricsRowType, "movements", (t) =>
  t.connection(
    {
      type: MovementType,
      description:
        "The ledger's movements behind this row, unreversed and dated in its period. Under `method: EVENT`, `netting: NONE`, `accountLevel: ACCOUNT` and `usage: BILLED_RECURRING` they sum to the row's flows exactly, each in its own currency. Under any other of these the policy nets or types anew, and they are the facts that it did so from: all movements of the accounts with flows in the row (of groups, of all their accounts), on the row's lines, of whatever type and driver; `accountChanges` then sums to the row. TOO_COMPLEX when more than 200 rows of one answer are asked for theirs; where the policy nets or types anew, when one operation asks the books again more than 64 times.",
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

/** What the row's movements are asked by; of a few of its units, the facts of those alone. */
export async function movementsOfRow(
  context: Context,
  row: AnsweredRow,
  orderBy: MovementQuestion["orderBy"],
  unitIds?: readonly string[],
): Promise<MovementQuestion> {
  const { ledgerVersion, policy, question, period, group, known } = row;
  const place = { ...question, period, group };
  const of = { workspaceId: context.tx.workspaceId, ledgerVersion };
  const asked = { entries: "UNREVERSED" as const, orderBy };
  if (!readsStoredMovements(policy)) {
    const accountIds = unitIds ? await accountsOfUnits(context, row, unitIds) : await accountsOfRow(context, row);
    return { ...asked, filter: filterOfFacts(place, policy, accountIds), context: of };
  }
  const own = unitIds ? { ...place, filter: { ...place.filter, accountIds: unitIds } } : place;
  const filter = filterOfStored(own, policy);
  const loaders = loadersAt(context, known);
  const settings = filter.segment ? await loaders.settings() : null;
  const segments = settings && {
    bands: settings.segmentBands,
    at: policy.segmentAt,
    rates: await loaders.constantRates(),
    period: { fromOn: period.fromOn, untilOn: period.untilOn },
  };
  const parents = filter.parentIds ? await loaders.resolvedParents() : null;
  return { ...asked, filter, context: { ...of, parents, ...(segments ? { segments } : {}) } };
}

const hierarchies = new WeakMap<Context["memory"], LoadersByQuestion<bigint, Promise<Hierarchy>>>();

async function accountsOfUnits(
  { tx, memory }: Context,
  { question, policy, period, group, known }: AnsweredRow,
  unitIds: readonly string[],
): Promise<readonly string[]> {
  if (policy.accountLevel === "ACCOUNT") return unitIds;
  const read = hierarchies.get(memory) ?? new LoadersByQuestion((version: bigint) => loadHierarchy(tx, version));
  hierarchies.set(memory, read);
  const place = { ...question, period, group };
  return membersOf(await read.of(known.version), place, { policy, hierarchyOn: known.on }, unitIds);
}

const accountsByRow = new WeakMap<AnsweredRow, Promise<readonly string[]>>();

/** Asked once per row. */
function accountsOfRow(context: Context, row: AnsweredRow): Promise<readonly string[]> {
  const found = accountsByRow.get(row);
  if (found) return found;
  countAsks(context, 1, "movements");
  const { question, period, group, policy, known } = row;
  const view = { policy, version: known.version, hierarchyOn: known.on };
  const asked = accountsOfFacts(context.tx, question, { ...question, period, group }, view);
  accountsByRow.set(row, asked);
  return asked;
}
