// The example tabs of GraphiQL. Each runs as it stands on the demo's books; a test runs them all.

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
  `# One question under three recipes: the workspace's own, another
# tool's, and what the ledger knew at its fourth version, which
# nothing that is recorded later changes.
query OtherRecipes {
  ours: expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }) {
    ...Figures
  }
  likeGitlab: expansionMetrics(
    window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }
    policy: { preset: GITLAB }
  ) {
    ...Figures
  }
  asKnownThen: expansionMetrics(
    window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }
    policy: { asOf: { ledgerVersion: "4" } }
  ) {
    ...Figures
  }
}

fragment Figures on ExpansionMetrics {
  total {
    newArr
    reactivationArr
    expansionArr
    contractionArr
    churnedArr
    nrr
  }
  policy {
    preset
    accountLevel
    netting
    reactivation
    asOf
  }
  policyHash
  ledgerVersion
}
`,
  `# Why two tools differ: EVENT counts every movement, SNAPSHOT only
# both ends of the window. Each line is a cause, with its accounts;
# the lines add up to the difference exactly.
query WhyMethodsDiffer {
  methodBridge(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }) {
    event {
      ...Flows
    }
    snapshot {
      ...Flows
    }
    lines {
      cause
      accountCount
      difference {
        ...Flows
      }
      accounts(first: 3) {
        nodes {
          account {
            name
          }
          openingArr
          closingArr
          event {
            ...Flows
          }
        }
      }
    }
    residual
  }
}

fragment Flows on BridgeAmounts {
  newArr
  expansionArr
  contractionArr
  churnedArr
}
`,
  `# Why a number is what it is: its formula, the formula with the
# numbers in it, and what every other choice would make of it.
query ExplainExpansion {
  expansionMetrics(window: { fromOn: "2025-01-01", untilOn: "2026-01-01" }) {
    total {
      expansionArr
      explain(metric: EXPANSION_ARR) {
        formula
        formulaWithNumbers
        parts {
          name
          meaning
          value
        }
        policyKeys {
          key
          value
          mattered
          alternatives {
            value
            figure
            sentence
          }
        }
      }
    }
  }
}
`,
];
