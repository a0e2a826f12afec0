// The example tabs that ask why numbers differ: between recipes, between methods, and between policies.

export const recipeTabs: readonly string[] = [
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
