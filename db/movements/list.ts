export const movementOrderFields = ["EFFECTIVE_ON", "RECORDED_AT", "AMOUNT"] as const;
export const ledgerEntries = ["UNREVERSED", "ALL"] as const;
export type MovementRow = any;
export const listMovements: any = null; export const countMovements: any = null;
