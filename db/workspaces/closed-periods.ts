// What a workspace does with a fact that arrives late: after the period of its day was closed.

/** REFUSE: the write is refused as a whole. RESTATE: it is booked where it is true, and counted as a restatement. */
export const closedPeriodTreatments = ["REFUSE", "RESTATE"] as const;
export type ClosedPeriodTreatment = (typeof closedPeriodTreatments)[number];
