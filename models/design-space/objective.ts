/** What is optimised: the value of a candidate from what it delivers and what it uses, and the floor it must reach. */
import type { Sense } from "../../solvers/contract/linear-program.ts"
import { type ObjectiveName, type Scenario, workloadsOf } from "./scenario.ts"

/** What an objective looks at. All ≥ 0. */
export interface Outcome {
  readonly tokensPerS: number
  /** provisioned maximum, W */
  readonly itPowerW: number
  readonly meterPowerW: number
  readonly capexUsd: number
  /** over the scenario's horizon, energy at the provisioned power: what is sure before a mapping is chosen */
  readonly tcoUsd: number
}

export interface ObjectiveFunction {
  readonly name: ObjectiveName
  readonly unit: string
  readonly sense: Sense
  /** tokens/s a candidate must deliver; 0 without floor or deadline */
  readonly throughputFloor: number
  /** Better for more throughput, and never better for more use: so bounds of both give a bound of it. */
  value(outcome: Outcome): number
}

const secondsPerDay = 86_400

/** The scenario's objective. Throughput in tokens/s, time in days, power in W, money in USD. */
export function objectiveFunction(scenario: Scenario): ObjectiveFunction {
  const { objective } = scenario
  const throughputFloor = Math.max(
    objective.throughputFloor ?? 0,
    objective.deadlineDays === null ? 0 : allTokens(scenario) / (objective.deadlineDays * secondsPerDay)
  )
  return { name: objective.name, throughputFloor, ...forms(scenario)[objective.name] }
}

/** Of all runs. */
export function allTokens(scenario: Pick<Scenario, "workload" | "furtherWorkloads">): number {
  return workloadsOf(scenario).reduce((sum, { tokens }) => sum + tokens, 0)
}

type Form = Pick<ObjectiveFunction, "unit" | "sense" | "value">

function forms(scenario: Scenario): Readonly<Record<ObjectiveName, Form>> {
  const { objective } = scenario
  const tokens = allTokens(scenario)
  const power = (outcome: Outcome): number =>
    objective.power === "it-provisioned" ? outcome.itPowerW : outcome.meterPowerW
  const money = (outcome: Outcome): number => objective.money === "capex" ? outcome.capexUsd : outcome.tcoUsd
  return {
    maximizeThroughput: { unit: "tokens/s", sense: "maximize", value: (outcome) => outcome.tokensPerS },
    minimizeTimeToTrain: {
      unit: "days",
      sense: "minimize",
      value: (outcome) => tokens / outcome.tokensPerS / secondsPerDay
    },
    maximizeThroughputPerWatt: {
      unit: `tokens/s per W (${objective.power})`,
      sense: "maximize",
      value: (outcome) => outcome.tokensPerS / power(outcome)
    },
    maximizeThroughputPerDollar: {
      unit: `tokens/s per USD (${objective.money})`,
      sense: "maximize",
      value: (outcome) => outcome.tokensPerS / money(outcome)
    },
    minimizePower: { unit: `W (${objective.power})`, sense: "minimize", value: power },
    minimizeCapex: { unit: "USD", sense: "minimize", value: (outcome) => outcome.capexUsd }
  }
}
