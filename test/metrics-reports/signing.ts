// What imports at chosen times would have left in the ledger: when each movement was signed, or recorded.

import { newId } from "@accrete/db/kernel/ids.ts";
import { movements } from "@accrete/db/movements/table.ts";
import type { MovementType } from "@accrete/db/movements/types.ts";
import { lockForCommit, writeCommit } from "@accrete/db/workspaces/store.ts";
import type { World } from "../support/world.ts";

type Signed = {
  readonly on: string;
  readonly type: MovementType;
  readonly amount: bigint;
  readonly currency?: string;
  /** When it was signed; else it was recorded on `recordedOn`. */
  readonly bookedOn?: string;
  readonly recordedOn?: string;
  /** The source's id of it, or the line whose change it is. */
  readonly externalId?: string;
  readonly lineId?: string;
  /** Takes back the one with this id. */
  readonly id?: string;
  readonly reverses?: string;
};

/** Writes what an import at a chosen time would have left: amounts in minor units. */
export async function sign(place: World, accountId: string, ...entries: readonly Signed[]): Promise<void> {
  await place.write(async (tx) => {
    const { version } = await lockForCommit(tx);
    for (const { on, type, amount, currency = "USD", recordedOn = "2024-01-01", ...more } of entries) {
      const id = more.id ?? newId();
      await tx.orm.insert(movements).values({
        workspaceId: tx.workspaceId,
        accountId,
        effectiveOn: on,
        type,
        driver: type === "EXPANSION" || type === "CONTRACTION" ? "SEAT" : null,
        amountMinor: amount,
        currency,
        isAddOn: false,
        changeId: id,
        rule: "SOURCE",
        batchId: newId(),
        recordedAt: `${recordedOn}T23:30:00-00:30`,
        ledgerVersion: version,
        ...more,
        id,
      });
    }
    await writeCommit(tx, { version, recordedAt: "2026-06-01T00:00:00Z" }, { actor: "test", action: "sign" });
  });
}
