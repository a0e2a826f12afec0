// What one row of a movements file states: a ready-made movement. Whether its type fits the account's balance is decided with all rows.

import { lineKinds } from "../contracts/terms.ts";
import { drivers, type MovementType, movementTypes } from "../movements/types.ts";
import {
  type RowFaults,
  readBoolean,
  readCurrency,
  readDate,
  readId,
  readMinor,
  readText,
  readWord,
} from "./fields.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

export const movementRows: RowRule = {
  table: "staged_movements",
  groupKey: "account_key",
  columns: {
    movement_key: "text",
    account_key: "text",
    effective_on: "date",
    type: "text",
    driver: "text",
    amount_minor: "bigint",
    currency: "text",
    product_key: "text",
    plan_key: "text",
    kind: "text",
    is_add_on: "boolean",
    motion: "text",
    campaign: "text",
    booked_on: "date",
  },
  key: ["movement_key"],
  keyField: "movement_id",
  read: readMovementRow,
};

function readMovementRow({ values }: Row, faults: RowFaults): readonly StagedValue[] {
  const [movementId = "", accountId = "", effective = "", typeWord = "", driverWord = "", amount = "", code = ""] =
    values;
  const [, , , , , , , productId = "", planId = "", kind = "", isAddOn = "", motion = "", campaign = "", booked = ""] =
    values;
  const type = faults.required("type", readWord(faults, "type", typeWord, movementTypes));
  const currency = faults.required("currency", readCurrency(faults, "currency", code));
  const amountMinor = readMinor(faults, "amount", amount, currency);
  if (currency !== null || amount.trim() === "") faults.required("amount", amountMinor);
  const driver = readWord(faults, "driver", driverWord, drivers);
  if (type !== null) {
    checkSign(faults, type, amountMinor, amount.trim());
    checkDriver(faults, type, driver);
  }
  const productKey = readId(faults, "product_id", productId);
  const planKey = readId(faults, "plan_id", planId);
  if (planKey !== null && productKey === null) faults.add("PRODUCT_MISSING", "product_id", { value: planKey });
  return [
    faults.required("movement_id", readId(faults, "movement_id", movementId)),
    faults.required("account_id", readId(faults, "account_id", accountId)),
    faults.required("effective_on", readDate(faults, "effective_on", effective)),
    type,
    driver,
    amountMinor,
    currency,
    productKey,
    planKey,
    readWord(faults, "kind", kind, lineKinds),
    readBoolean(faults, "is_add_on", isAddOn) ?? false,
    readText(faults, "motion", motion),
    readText(faults, "campaign", campaign),
    readDate(faults, "booked_on", booked),
  ];
}

function checkSign(faults: RowFaults, type: MovementType, amountMinor: string | null, sent: string): void {
  if (amountMinor === null) return;
  if (amountMinor === "0") {
    faults.add("AMOUNT_ZERO", "amount");
    return;
  }
  const isFall = type === "CONTRACTION" || type === "CHURN";
  if (isFall !== amountMinor.startsWith("-")) faults.add("SIGN_NOT_OF_TYPE", "amount", { value: sent, other: type });
}

function checkDriver(faults: RowFaults, type: MovementType, driver: string | null): void {
  const isChange = type === "EXPANSION" || type === "CONTRACTION";
  if (isChange && driver === null && !faults.has("driver")) faults.add("DRIVER_MISSING", "driver", { value: type });
  if (!isChange && driver !== null) faults.add("DRIVER_NOT_ALLOWED", "driver", { value: driver, other: type });
}
