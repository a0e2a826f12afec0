// Every question that can be asked as of an earlier version, down to the leaves: facts and their metrics, and the reports.

/** What both name. */
const shared = `fragment product on Product { externalId name family plans { externalId name rank product { name } } }
fragment line on ContractLine { id fromOn untilOn quantity unitPrice arr usage { totalCount nodes { fromOn amount } } product { ...product } plan { name } }
fragment movement on Movement {
  id type driver amount arrBefore arrAfter effectiveOn recordedAt ledgerVersion
  account { name region arr } product { name } plan { name } line { id quantity account { name } }
  reverses { id } reversedBy { id type amount } corrects { id } correctedBy { id amount } note isRestatement
  reason { rule lineBefore { ...line } lineAfter { ...line } sourceRecord { batchId row } }
}`;

/** Everything that is kept, and what it adds up to. */
export const facts = `query ($asOf: AsOfInput) {
  workspace(asOf: $asOf) {
    name segmentBands { name fromArr } ledgerVersion recordedAt defaultPolicy { method segmentAt netting reactivationWindowDays }
    closedPeriodTreatment constantRateSet { ...rateSet } reportedRateSet { ...rateSet }
  }
  rateSets(asOf: $asOf) { ...rateSet }
  policies(asOf: $asOf) { name keys { key value } policyHash setBy history { setBy ledgerVersion keys { value } } }
  settingsChanges(asOf: $asOf) { totalCount nodes { ledgerVersion changes { setting from to } } }
  closedPeriods(asOf: $asOf, state: ALL) { totalCount nodes { fromOn note reopenedVersion restatementTotals { amount } } }
  products(asOf: $asOf) { totalCount nodes { ...product } }
  account(by: { externalId: "mid" }, asOf: $asOf) { ...account }
  newcomer: account(by: { externalId: "newcomer" }, asOf: $asOf) { ...account }
  accounts(orderBy: [{ field: ARR, direction: DESC }], asOf: $asOf) { totalCount nodes { ...account } }
  inEmea: accounts(filter: { region: ["EMEA"], active: true }, asOf: $asOf) { totalCount nodes { name } }
  movements(entries: ALL, orderBy: [{ field: RECORDED_AT }, { field: AMOUNT }], asOf: $asOf) { totalCount nodes { ...movement } }
  ofBand: movements(filter: { segment: ["SMB", "Large"], region: ["EMEA"] }, asOf: $asOf) { totalCount nodes { ...movement } }
  expansionMetrics(
    window: { fromOn: "2025-01-01", untilOn: "2026-01-01" } grain: QUARTER
    groupBy: [SEGMENT, REGION, PARENT, ACCOUNT] groupByAttributes: ["tier"] policy: { asOf: $asOf }
  ) {
    ledgerVersion residual
    rows {
      period { label } group { segment region parent account accountName attributes { value } }
      openingArr expansionArr contractionArr transferInArr transferOutArr closingArr nrr
      movements { totalCount nodes { ...movement } }
    }
    total { openingArr newArr expansionArr closingArr nrr }
  }
}
fragment rateSet on RateSet { name kind rates { totalCount nodes { fromCurrency fromOn untilOn rate } } }
fragment account on Account {
  externalId name channel region industry owner source attributes { name value }
  mergedInto { name } mergedAccounts { name } parentHistory { parent { name region } fromOn untilOn }
  parent { externalId name arr } ultimateParent { externalId name segment }
  children { totalCount nodes { externalId name region arr } }
  arr before: arr(on: "2025-08-01") mrr segment firstArrOn cumulativeExpansionArr
  contractLines { totalCount nodes { ...line contract { externalId account { name } } account { name region } } }
  movements(entries: ALL, orderBy: [{ field: RECORDED_AT }, { field: AMOUNT }]) { totalCount nodes { ...movement } }
  committedArr metrics(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }) { newArr expansionArr closingArr movementCount }
}
${shared}`;

/** What is made of it. */
export const reports = `query ($asOf: AsOfInput) {
  byGroup: expansionMetrics(
    window: { fromOn: "2025-01-01", untilOn: "2026-01-01" } grain: MONTH groupBy: [ACCOUNT, CURRENCY]
    policy: { asOf: $asOf, accountLevel: ULTIMATE_PARENT, hierarchyAt: AS_OF_EVENT, currency: REPORTED }
  ) {
    residual rows { period { label } group { accountName currency } openingArr newArr expansionArr fxArr transferInArr closingArr }
    total { ...changes }
  }
  methodBridge(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, policy: { asOf: $asOf }) {
    difference { newArr expansionArr } lines { cause accounts { nodes { account { name arr } event { expansionArr } } } } residual
  }
  segmentMigration(window: { fromOn: "2025-07-01", untilOn: "2026-01-01" }, policy: { asOf: $asOf }) {
    lines { openingSegment closingSegment openingArr closingArr accounts { nodes { account { name segment } } } }
  }
  bookings(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, asOf: $asOf) {
    opening { liveArr committedArr } closing { liveArr committedArr } residual
  }
  currencyBridge(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, policy: { asOf: $asOf }) {
    rows { currency reported { closingArr fxArr } constant { closingArr } } total { difference { closingArr } } residual
  }
  whatChanged(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, since: { ledgerVersion: "4" }, policy: { asOf: $asOf }) {
    differences { metric difference } movements { totalCount nodes { effect movement { ...movement } } }
    commits { totalCount nodes { ledgerVersion action facts { kind recorded ended } } }
  }
  arrSeries(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, grain: QUARTER, groupBy: [REGION], policy: { asOf: $asOf }) {
    lines { group { region } points { closingArr } } ledgerVersion
  }
  reconciliation(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }, groupBy: [ACCOUNT], policy: { asOf: $asOf }) {
    isReconciled rows { currency openingArr closingArr residual group { value } }
  }
}
fragment changes on MetricsRow {
  accountChanges { totalCount nodes { account { name region } class openingArr expansionArr closingArr } }
}
${shared}`;
