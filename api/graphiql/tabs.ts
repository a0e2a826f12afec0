// The example tabs of GraphiQL. Each runs as it stands on the demo's books; a test runs them all.

import { recipeTabs } from "./recipe-tabs.ts";

/** A tab takes its name from its operation. */
export const exampleTabs: readonly string[] = [
  `# Expansion by segment in the fourth quarter of 2025.
# Press the play button, or Ctrl-Enter.
query Q4Dashboard {
  expansionMetrics(
    window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }
    groupBy: [SEGMENT]
  ) {
    rows {
      group {
        segment
      }
      ...Line
    }
    total {
      ...Line
      expansion {
        seat
        tier
        addOn
      }
      closingArr
      nrr
      grr
    }
    # The recipe: equal recipes give equal numbers.
    currency
    policy {
      method
      netting
      segmentAt
    }
    policyHash
    ledgerVersion
    residual
  }
}

fragment Line on MetricsRow {
  openingArr
  expansionArr
  contractionArr
  grossExpansionRate
  netExpansionRate
  topDriver
}
`,
  `# Net and gross revenue retention by quarter, for two years.
# Add groupBy: [SEGMENT] to see where it comes from.
query NrrByQuarter {
  expansionMetrics(
    window: { fromOn: "2024-01-01", untilOn: "2026-01-01" }
    grain: QUARTER
  ) {
    rows {
      period {
        label
      }
      openingArr
      nrr
      grr
      yearly: nrr(annualize: COMPOUND)
      newLogoGrowthRate
      grossExpansionRate
      quickRatio
      closingArr
    }
  }
}
`,
  `# Who grew most in the fourth quarter of 2025, and by what:
# the largest movements behind each number stand beside it.
query TopExpandingAccounts {
  expansionMetrics(
    window: { fromOn: "2025-10-01", untilOn: "2026-01-01" }
    groupBy: [ACCOUNT]
  ) {
    rows(orderBy: { field: EXPANSION_ARR }, first: 10) {
      group {
        account
        accountName
      }
      openingArr
      expansionArr
      topDriver
      nrr
      movements(
        first: 3
        orderBy: [{ field: AMOUNT, direction: DESC }]
      ) {
        totalCount
        nodes {
          effectiveOn
          type
          driver
          amount
        }
      }
    }
  }
}
`,
  `# What moved in December 2025: the sums by driver, then the
# movements themselves, the largest first.
query MovedInDecember {
  expansionMetrics(
    window: { fromOn: "2025-12-01", untilOn: "2026-01-01" }
    groupBy: [DRIVER]
  ) {
    rows {
      group {
        driver
      }
      expansionArr
      contractionArr
      movementCount
    }
  }
  movements(
    filter: {
      effectiveFromOn: "2025-12-01"
      effectiveUntilOn: "2026-01-01"
    }
    orderBy: [{ field: AMOUNT, direction: DESC }]
    first: 20
  ) {
    totalCount
    nodes {
      effectiveOn
      type
      driver
      amount
      currency
      account {
        externalId
        name
      }
      product {
        name
      }
      plan {
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  `# One account from its first day on: every movement, and why
# it is what it is; then what it holds today.
query AcmeStory {
  account(by: { externalId: "acme" }) {
    name
    firstArrOn
    arr
    segment
    cumulativeExpansionArr
    movements {
      totalCount
      nodes {
        effectiveOn
        type
        driver
        amount
        arrBefore
        arrAfter
        reason {
          rule
          sourceRecord {
            fileName
            row
          }
        }
      }
    }
    contractLines {
      nodes {
        externalId
        plan {
          name
        }
        quantity
        unitPrice
        billingInterval
        arr
        fromOn
      }
    }
  }
}
`,
  ...recipeTabs,
];
