// What one row of a catalog file states: a plan, and the product it belongs to.

import { type RowFaults, readId, readRank, readText } from "./fields.ts";
import type { Row, RowRule, StagedValue } from "./row.ts";

export const catalogRows: RowRule = {
  table: "staged_catalog",
  groupKey: "product_key",
  columns: {
    product_key: "text",
    product_name: "text",
    family: "text",
    plan_key: "text",
    plan_name: "text",
    rank: "integer",
  },
  key: ["plan_key"],
  keyField: "plan_id",
  read: readCatalogRow,
};

function readCatalogRow({ values }: Row, faults: RowFaults): readonly StagedValue[] {
  const [productId = "", productName = "", family = "", planId = "", planName = "", rank = ""] = values;
  return [
    faults.required("product_id", readId(faults, "product_id", productId)),
    faults.required("product_name", readText(faults, "product_name", productName)),
    faults.required("family", readText(faults, "family", family)),
    faults.required("plan_id", readId(faults, "plan_id", planId)),
    faults.required("plan_name", readText(faults, "plan_name", planName)),
    readRank(faults, "rank", rank),
  ];
}
