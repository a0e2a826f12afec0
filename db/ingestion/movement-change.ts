// What a correction says of one ready-made movement: the recorded values with some of them changed, read as a row of an import would be.

import type { LineKind } from "../contracts/terms.ts";
import type { Tx } from "../kernel/database.ts";
import type { PlainDate } from "../kernel/dates.ts";
import { badInput } from "../kernel/errors.ts";
import { formatMoney } from "../kernel/money.ts";
import type { MovementRow } from "../movements/list.ts";
import type { Driver, MovementType } from "../movements/types.ts";
import { describeFault } from "./faults.ts";
import { RowFaults } from "./fields.ts";
import { movementRows } from "./movement-row.ts";

/** What is left out stays as recorded; null says that there is none. Amounts are decimals in major units of the currency. */
export type MovementChange = {
  readonly effectiveOn?: PlainDate | undefined;
  readonly type?: MovementType | undefined;
  readonly driver?: Driver | null | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  /** External ids. */
  readonly product?: string | null | undefined;
  readonly plan?: string | null | undefined;
  readonly kind?: LineKind | null | undefined;
  readonly isAddOn?: boolean | undefined;
  readonly motion?: string | null | undefined;
  readonly campaign?: string | null | undefined;
  readonly bookedOn?: PlainDate | null | undefined;
};

/** A movement as it is to be recorded. */
export type Restated = {
  readonly values: {
    readonly effectiveOn: PlainDate;
    readonly type: MovementType;
    readonly driver: Driver | null;
    readonly amountMinor: bigint;
    readonly currency: string;
    readonly kind: LineKind | null;
    readonly isAddOn: boolean;
    readonly motion: string | null;
    readonly campaign: string | null;
    readonly bookedOn: PlainDate | null;
  };
  readonly productId: string | null;
  readonly planId: string | null;
};

/** The columns of an import under the names of a change. */
const names: Readonly<Record<string, string>> = {
  effective_on: "effectiveOn",
  product_id: "product",
  plan_id: "plan",
  is_add_on: "isAddOn",
  booked_on: "bookedOn",
};

/** The field of a change that an import's column means, such as `change.bookedOn`. */
export function nameOf(column: string): string {
  return `change.${names[column] ?? column}`;
}

/** The movement as the change has it. BAD_USER_INPUT, field of the change, for values that an import would refuse, and for no change at all. */
export async function readChange(tx: Tx, recorded: MovementRow, change: MovementChange): Promise<Restated> {
  const known = await nameCatalog(tx, recorded);
  const type = change.type ?? recorded.type;
  const hasDriver = type === "EXPANSION" || type === "CONTRACTION";
  const currency = change.currency ?? recorded.currency;
  const product = stated(change.product, known.product);
  const amount = change.amount ?? formatMoney(recorded.amountMinor, recorded.currency);
  // A plan belongs to its product: another product leaves it behind.
  const plan = stated(change.plan, product === known.product ? known.plan : null);
  const said = {
    effectiveOn: change.effectiveOn ?? recorded.effectiveOn,
    type,
    // A type without drivers leaves the recorded one behind.
    driver: stated(change.driver, hasDriver ? recorded.driver : null),
    currency,
    kind: stated(change.kind, recorded.kind),
    isAddOn: change.isAddOn ?? recorded.isAddOn,
    motion: stated(change.motion, recorded.motion),
    campaign: stated(change.campaign, recorded.campaign),
    bookedOn: stated(change.bookedOn, recorded.bookedOn),
  };
  const cells = [recorded.externalId, "account", said.effectiveOn, type, said.driver, amount, currency, product, plan];
  const more = [said.kind, String(said.isAddOn), said.motion, said.campaign, said.bookedOn];
  const faults = new RowFaults();
  const values = [...cells, ...more].map((cell) => cell ?? "");
  const [, , , , , amountMinor] = movementRows.read({ values, attributes: [] }, faults);
  const [fault] = faults.list;
  if (fault) {
    const { field, message, fix } = describeFault({ row: null, line: null }, fault);
    badInput(field === null ? "change" : nameOf(field), `${message} ${fix}`);
  }
  const restated = {
    values: { ...said, amountMinor: BigInt(String(amountMinor)) },
    ...(await findCatalog(tx, product, plan)),
  };
  if (isRecorded(restated, recorded)) badInput("change", "The change says what is recorded already.");
  return restated;
}

function stated<Value>(change: Value | null | undefined, recorded: Value | null): Value | null {
  return change === undefined ? recorded : change;
}

function isRecorded({ values, productId, planId }: Restated, recorded: MovementRow): boolean {
  const keys = Object.keys(values) as (keyof typeof values)[];
  return (
    keys.every((key) => values[key] === recorded[key]) && productId === recorded.productId && planId === recorded.planId
  );
}

/** The recorded product and plan by the source's ids. */
async function nameCatalog(tx: Tx, { productId, planId }: MovementRow) {
  const [row] = await tx.sql<{ product: string | null; plan: string | null }[]>`
    select (select external_id from products where workspace_id = ${tx.workspaceId} and id = ${productId}::uuid) as product,
      (select external_id from plans where workspace_id = ${tx.workspaceId} and id = ${planId}::uuid) as plan`;
  return row ?? { product: null, plan: null };
}

/** The uuids of a product and a plan of it. BAD_USER_INPUT for one that is not known, and for a plan of another product. */
async function findCatalog(tx: Tx, product: string | null, plan: string | null) {
  const [row] = await tx.sql<{ productId: string | null; planId: string | null; ofProductId: string | null }[]>`
    select (select id from products where workspace_id = ${tx.workspaceId} and external_id = ${product}) as "productId",
      (select id from plans where workspace_id = ${tx.workspaceId} and external_id = ${plan}) as "planId",
      (select product_id from plans where workspace_id = ${tx.workspaceId} and external_id = ${plan}) as "ofProductId"`;
  const { productId = null, planId = null, ofProductId = null } = row ?? {};
  if (product !== null && productId === null) badInput("change.product", `There is no product '${product}'.`);
  if (plan !== null && planId === null) badInput("change.plan", `There is no plan '${plan}'.`);
  if (planId !== null && ofProductId !== productId) {
    badInput("change.plan", `The plan '${plan}' belongs to another product than '${product}'.`);
  }
  return { productId, planId };
}
