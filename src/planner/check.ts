/**
 * The independent check: every sum, limit and relation of a recommendation recomputed from the recommendation itself. It
 * imports nothing of the search, the fabrics or the facility.
 */
import type { CheckResult, Recommendation } from "../../models/design-space/recommendation.ts"

/** Relative differences up to this are rounding. */
const tolerance = 1e-9

interface Finding {
  readonly what: string
  readonly violation: number
}

export function checkRecommendation(recommendation: Omit<Recommendation, "check">): CheckResult {
  const findings = recommendation.layout === null
    ? []
    : [
      ...limitFindings(recommendation), ...totalFindings(recommendation), ...billFindings(recommendation),
      ...cableFindings(recommendation), ...mappingFindings(recommendation), ...performanceFindings(recommendation),
      ...programmeFindings(recommendation), ...objectiveFindings(recommendation)
    ]
  return {
    maxViolation: findings.reduce((most, { violation }) => (violation > most || Number.isNaN(violation) ? violation : most), 0),
    rows: findings.length,
    messages: findings.filter(({ violation }) => !(violation <= tolerance))
      .map(({ what, violation }) => `${what}: off by ${violation.toExponential(2)}`)
  }
}

const equal = (what: string, found: number, expected: number): Finding => ({
  what, violation: Math.abs(found - expected) / Math.max(1e-300, Math.abs(found), Math.abs(expected))
})

const atMost = (what: string, found: number, limit: number): Finding => ({
  what, violation: Math.max(0, found - limit) / Math.max(1e-300, Math.abs(limit))
})

function limitFindings({ resources }: Omit<Recommendation, "check">): ReadonlyArray<Finding> {
  return resources.flatMap(({ name, used, limit }) => (limit === null ? [] : [atMost(name, used, limit)]))
}

/** Power, money, room and counts of the rows against the sums of the bill. */
function billFindings({ bom, resources, layout, money, scenario }: Omit<Recommendation, "check">): ReadonlyArray<Finding> {
  const sum = (of: (line: Recommendation["bom"][number]) => number) =>
    bom.reduce((total, line) => total + line.count * of(line), 0)
  const row = (start: string) => ofSites(resources, start)
  const { distributionLoss, spareShare } = scenario.allowances
  const accelerators = bom.filter(({ role }) => role === "accelerator").reduce((total, { count }) => total + count, 0)
  const findings = [
    equal("IT power of the bill", sum((line) => line.powerMaxW) / 1e6, row("IT power")),
    equal("facility power of the bill", sum((line) => line.powerMaxW * line.pue) / (1 - distributionLoss) / 1e6,
      row("facility power")),
    equal("capital of the bill", sum((line) => line.priceUsd) / 1e6, row("capital")),
    equal("rack units of the bill", sum((line) => line.rackUnits), row("rack units")),
    equal("racks of the sites", row("racks"), layout?.racks ?? Number.NaN),
    equal("accelerators of the bill", accelerators, row("accelerators"))
  ]
  if (money !== null) findings.push(equal("capex", money.capexUsd, sum((line) => line.priceUsd)))
  if (spareShare === 0) findings.push(equal("accelerators built", accelerators, layout?.accelerators ?? Number.NaN))
  return findings
}

/** Cables on the floors, of both fabrics, against those of the bill, and the longest of each medium against its reach. */
function cableFindings({ floor, bom }: Omit<Recommendation, "check">): ReadonlyArray<Finding> {
  const laid = floor.flatMap(({ cables }) => cables)
  const pulled = bom.filter(({ role }) => role.startsWith("cable"))
  const media = new Set([...laid.map(({ medium }) => medium), ...pulled.map(({ part }) => part ?? "")])
  return [
    ...[...media].map((medium) => equal(
      `cables of ${medium} on the floor`,
      laid.reduce((sum, one) => (one.medium === medium ? sum + one.cables : sum), 0),
      pulled.reduce((sum, { part, count }) => (part === medium ? sum + count : sum), 0)
    )),
    ...laid.map(({ medium, longestM, reachM }) => atMost(`reach of ${medium}`, longestM, reachM))
  ]
}

const together = " of all sites"

/** Use of a resource, summed over the rows of the sites. */
function ofSites(resources: Recommendation["resources"], start: string): number {
  return resources.filter(({ name }) => name.startsWith(start) && !name.endsWith(together))
    .reduce((sum, { used }) => sum + used, 0)
}

/** Rows of all sites against the sum of each site's. */
function totalFindings({ resources }: Omit<Recommendation, "check">): ReadonlyArray<Finding> {
  return resources.filter(({ name }) => name.endsWith(together))
    .map(({ name, used }) => equal(name, used, ofSites(resources, name.slice(0, -together.length))))
}

type PlacedMapping = NonNullable<Recommendation["mapping"]>
type Workload = Recommendation["scenario"]["workload"]
type Layout = NonNullable<Recommendation["layout"]>

function mappingFindings({ mapping, layout, scenario }: Omit<Recommendation, "check">): ReadonlyArray<Finding> {
  if (mapping === null || layout === null) return [{ what: "a layout without a mapping", violation: Infinity }]
  return [
    ...placementFindings(mapping, layout, scenario.workload),
    equal("idle accelerators", layout.accelerators - mapping.world, layout.idleAccelerators)
  ]
}

/** `of`: which run's, in words that end a sentence. */
function placementFindings(mapping: PlacedMapping, layout: Layout, workload: Workload, of = ""): ReadonlyArray<Finding> {
  const { tp, cp, ep, etp, pp, dp, microBatch, microBatches, world, ranksPerHbd } = mapping
  return [
    equal(`world${of}`, world, tp * cp * pp * dp),
    atMost(`accelerators in use${of}`, world, layout.accelerators),
    atMost(`ranks of an HBD${of}`, ranksPerHbd, layout.hbd.size),
    atMost(`HBDs in use${of}`, world / ranksPerHbd, layout.hbds),
    equal(`experts over tp · cp · dp${of}`, (tp * cp * dp) % (ep * etp), 0),
    equal(`micro-batches${of}`, microBatches, Math.ceil(workload.globalBatch / (dp * microBatch)))
  ]
}

function performanceFindings({ performance, scenario }: Omit<Recommendation, "check">): ReadonlyArray<Finding> {
  if (performance === null) return [{ what: "a layout without a performance", violation: Infinity }]
  const { stepTimeS, tokensPerS, daysToTrain, memory, breakdown } = performance
  const { globalBatch, sequence, tokens } = scenario.workload
  const { parametersGB, gradientsGB, optimizerGB, activationsGB, buffersGB, totalGB, limitGB } = memory
  return [
    equal("tokens per second", tokensPerS, globalBatch * sequence / stepTimeS),
    equal("days to train", daysToTrain, tokens / tokensPerS / 86_400),
    equal("the waterfall's sum", breakdown.reduce((sum, { timeS }) => sum + timeS, 0), stepTimeS),
    equal("the memory's sum", parametersGB + gradientsGB + optimizerGB + activationsGB + buffersGB, totalGB),
    atMost("memory", totalGB, limitGB)
  ]
}

/** Every run by itself and on the layout, and their sums; the first is what mapping and performance describe. */
function programmeFindings(
  { programme, performance, mapping, layout, resources, scenario: { workload, furtherWorkloads } }: Omit<Recommendation, "check">
): ReadonlyArray<Finding> {
  const workloads = [workload, ...furtherWorkloads]
  const count = equal("runs", programme?.runs.length ?? 1, workloads.length)
  if (programme === null || layout === null || count.violation > 0) return furtherWorkloads.length === 0 ? [] : [count]
  const { totalDays, tokensPerS, runs } = programme
  const memory = resources.find(({ name }) => name === "memory per accelerator")
  const [first] = runs
  return [
    count,
    equal("days of all runs", totalDays, runs.reduce((sum, { days }) => sum + days, 0)),
    equal("tokens per second of all runs", tokensPerS, runs.reduce((sum, { tokens }) => sum + tokens, 0) / totalDays / 86_400),
    equal("memory of the run that needs most", Math.max(...runs.map(({ memoryGB }) => memoryGB)), memory?.used ?? Number.NaN),
    equal("step of the first run", first!.stepTimeS, performance?.stepTimeS ?? Number.NaN),
    equal("accelerators of the first run", first!.mapping.world, mapping?.world ?? Number.NaN),
    ...runs.flatMap((run, i) => runFindings(run, workloads[i]!, layout))
  ]
}

function runFindings(
  { name, tokens, days, tokensPerS, stepTimeS, hbdsInUse, mapping }: NonNullable<Recommendation["programme"]>["runs"][number],
  workload: Workload, layout: Layout
): ReadonlyArray<Finding> {
  return [
    { what: `a run called ${name}`, violation: name === workload.name ? 0 : Infinity },
    equal(`tokens of ${name}`, tokens, workload.tokens),
    equal(`tokens per second of ${name}`, tokensPerS, workload.globalBatch * workload.sequence / stepTimeS),
    equal(`days of ${name}`, days, tokens / tokensPerS / 86_400),
    equal(`HBDs of ${name}`, hbdsInUse, mapping.world / mapping.ranksPerHbd),
    ...placementFindings(mapping, layout, workload, ` of ${name}`)
  ]
}

/** Throughput and days are those of all runs. */
function objectiveFindings(
  { objective, performance: first, programme, resources, scenario }: Omit<Recommendation, "check">
): ReadonlyArray<Finding> {
  const { name, sense, value, bound, gap } = objective
  if (value === null || first === null) return [{ what: "a layout without a value", violation: Infinity }]
  const performance = programme === null ? first : { tokensPerS: programme.tokensPerS, daysToTrain: programme.totalDays }
  const row = (start: string) => ofSites(resources, start)
  const { power, throughputFloor, deadlineDays } = scenario.objective
  const watts = 1e6 * row(power === "it-provisioned" ? "IT power" : "facility power")
  const expected = {
    maximizeThroughput: performance.tokensPerS,
    minimizeTimeToTrain: performance.daysToTrain,
    maximizeThroughputPerWatt: performance.tokensPerS / watts,
    maximizeThroughputPerDollar: scenario.objective.money === "capex" ? performance.tokensPerS / (1e6 * row("capital")) : value,
    minimizePower: watts,
    minimizeCapex: 1e6 * row("capital")
  }[name]
  const findings = [equal("the objective's value", value, expected)]
  if (bound !== null) {
    findings.push(sense === "maximize" ? atMost("value over bound", value, bound) : atMost("bound over value", bound, value))
    const expectedGap = Math.max(0, sense === "maximize" ? (bound - value) / Math.abs(bound) : (value - bound) / Math.abs(value))
    findings.push(atMost("gap", Math.abs((gap ?? Number.NaN) - expectedGap), tolerance))
  }
  if (throughputFloor !== null) findings.push(atMost("throughput floor", throughputFloor, performance.tokensPerS))
  if (deadlineDays !== null) findings.push(atMost("deadline", performance.daysToTrain, deadlineDays))
  return findings
}
