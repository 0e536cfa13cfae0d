/**
 * The optimum by brute force: every mapping of the domain on every class of every block, with no bound and no
 * dominance. Knows of the search only what a candidate is.
 */
import { enumerateBlocks, type HbdBlock } from "../../../models/design-space/blocks.ts"
import { BlockClasses } from "../../../models/design-space/classes.ts"
import { cheapestMember, type FabricClass } from "../../../models/design-space/fabric-class.ts"
import type { MappingDomain } from "../../../models/design-space/mapping-domain.ts"
import { mappingDomain, virtualStages } from "../../../models/design-space/mapping-domain.ts"
import { objectiveFunction } from "../../../models/design-space/objective.ts"
import { type OutcomeModel, outcomeModel } from "../../../models/design-space/outcome.ts"
import { type Scenario, workloadsOf } from "../../../models/design-space/scenario.ts"
import { type ScaleOutKind, scaleOutKinds } from "../../../models/design-space/scale-out-kinds.ts"
import type { HbdNeed } from "../../../models/design-space/site-spread.ts"
import { createDropLog, type Hardware } from "../../../models/design-space/selection.ts"
import { constantsFor } from "../../../models/performance/constants.ts"
import { createEvaluator, evaluateMapping } from "../../../models/performance/evaluator.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import { placement } from "../../../models/performance/placement.ts"
import { figure } from "../../../models/performance/step.ts"
import { validateMapping } from "../../../models/performance/validity.ts"

/** The best value of a class, null where nothing can be built; and what was counted on the way. */
export interface ClassOptimum {
  readonly block: number
  readonly machine: string
  readonly value: number | null
  readonly mapping: Mapping | null
  /** of the fastest, Infinity without */
  readonly stepS: number
  readonly evaluations: number
}

export function everyOptimum(
  scenario: Scenario, hardware: Hardware, outcome = outcomeModel(scenario, objectiveFunction(scenario))
): ReadonlyArray<ClassOptimum> {
  const log = createDropLog()
  return enumerateBlocks(scenario, hardware, log).flatMap((block, index) => {
    const kinds = scaleOutKinds(scenario, hardware, block.hbd, log)
    return classesOf(scenario, block, kinds).map((of) => optimumOf(scenario, outcome, of, index))
  })
}

const classesOf = (scenario: Scenario, block: HbdBlock, kinds: ReadonlyArray<ScaleOutKind>) =>
  new BlockClasses(scenario, block, { kinds, envelopes: [], frugal: { options: [] } }).all()

function optimumOf(scenario: Scenario, outcome: OutcomeModel, of: FabricClass, block: number): ClassOptimum {
  const counted = { evaluations: 0 }
  let best: number | null = null
  let held: Mapping | null = null
  let fastest = Infinity
  for (const { mapping, stepS, needed } of fittingMappings(scenario, of, counted)) {
    for (const hbds of builtCounts(scenario, needed)) {
      const use = hbds > of.hbdsBound ? null : cheapestMember(of, needOf(of, mapping, hbds), outcome.cost)
      const value = use === null ? null : outcome.value(stepS, use.use)
      if (value === null) continue
      fastest = Math.min(fastest, stepS)
      const isBetter = best === null || (outcome.sense === "maximize" ? value > best : value < best)
      if (!isBetter) continue
      best = value
      held = mapping
    }
  }
  return { block, machine: JSON.stringify(of.machine), value: best, mapping: held, stepS: fastest, ...counted }
}

/** Every mapping of the first workload that the machine of the class allows and its memory holds, with the HBDs it needs. */
function* fittingMappings(scenario: Scenario, of: FabricClass, counted: { evaluations: number }) {
  const { workload, memoryHeadroom } = scenario
  const evaluator = createEvaluator(workload, of.machine, constantsFor(of.machine.accelerator.family))
  const memoryBytes = of.machine.accelerator.memoryGB * 1e9 * (1 - memoryHeadroom)
  for (const mapping of everyMapping(scenario, of)) {
    if (validateMapping(workload, of.machine, mapping).length > 0) continue
    counted.evaluations++
    const stepS = evaluateMapping(evaluator, mapping)
    if (evaluator.out[figure.totalBytes]! <= memoryBytes) yield { mapping, stepS, needed: placement(mapping, of.hbd.size).hbds }
  }
}

/** The best of each class for several workloads on one site: with any number of HBDs, each run takes the least step that fits. */
export function everyProgrammeOptimum(
  scenario: Scenario, hardware: Hardware
): ReadonlyArray<Pick<ClassOptimum, "block" | "machine" | "value">> {
  const log = createDropLog()
  const onOneSite = { ...scenario, search: { ...scenario.search, sites: [1] } }
  return enumerateBlocks(onOneSite, hardware, log).flatMap((block, index) => {
    const kinds = scaleOutKinds(scenario, hardware, block.hbd, log)
    return classesOf(scenario, block, kinds)
      .map((of) => ({ block: index, machine: JSON.stringify(of.machine), value: programmeOptimumOf(scenario, of) }))
  })
}

function programmeOptimumOf(scenario: Scenario, of: FabricClass): number | null {
  const objective = objectiveFunction(scenario)
  const workloads = workloadsOf(scenario)
  const outcome = outcomeModel(scenario, objective, workloads.reduce((sum, { tokens }) => sum + tokens, 0))
  const fitting = workloads.map((workload) => [...fittingMappings({ ...scenario, workload }, of, { evaluations: 0 })])
  let best: number | null = null
  for (let hbds = 1; hbds <= of.hbdsBound; hbds++) {
    if (scenario.search.hbds !== null && !scenario.search.hbds.includes(hbds)) continue
    const use = cheapestMember(of, { hbds, needed: hbds, unit: 1 }, outcome.cost)
    const seconds = workloads.reduce((sum, { tokens, globalBatch, sequence }, i) =>
      sum + tokens / (globalBatch * sequence) *
        fitting[i]!.reduce((least, { stepS, needed }) => (needed <= hbds ? Math.min(least, stepS) : least), Infinity), 0)
    const value = use === null || seconds === Infinity ? null : outcome.value(seconds, use.use)
    if (value !== null && (best === null || (objective.sense === "maximize" ? value > best : value < best))) best = value
  }
  return best
}

/** HBDs of replicas that share experts, or of a stage, counted rank by rank: the least number that parts none between HBDs. */
function needOf(of: FabricClass, mapping: Mapping, hbds: number): HbdNeed {
  const needed = placement(mapping, of.hbd.size).hbds
  return { hbds, needed, unit: of.crossing === null ? 1 : unitOf(mapping, of.hbd.size, needed) }
}

function unitOf(mapping: Mapping, hbdSize: number, needed: number): number {
  const { tp, cp, ep, etp, pp, dp, order } = mapping
  const { perHbd } = placement(mapping, hbdSize)
  const isStaged = order === "tp-cp-dp-pp" && pp > 1
  const together = isStaged ? tp * cp * dp : tp * cp * pp
  for (let unit = 1; unit < needed; unit++) {
    if (needed % unit > 0 || (unit * perHbd) % together > 0) continue
    const replicas = unit * perHbd / together
    if (isStaged || (tp * cp * replicas) % (ep * etp) === 0) return unit
  }
  return needed
}

/** More HBDs than a mapping needs are built only where the scenario names their number. */
const builtCounts = ({ search }: Scenario, needed: number): ReadonlyArray<number> =>
  search.hbds === null ? [needed] : search.hbds.filter((hbds) => hbds >= needed)

function* everyMapping(scenario: Scenario, of: FabricClass): Generator<Mapping> {
  const { workload } = scenario
  const domain = mappingDomain(scenario.search.mapping, workload)
  const layers = workload.model.layers + workload.model.mtpLayers
  const most = of.hbdsBound * of.hbd.size
  for (const tp of domain.tp) for (const cp of domain.cp) for (const ep of domain.ep) for (const etp of domain.etp) {
    if (etp > 1 && etp > tp) continue
    for (const pp of domain.pp) for (const order of domain.order) {
      const shape = { tp, cp, ep, etp, pp, order }
      for (const microBatch of domain.microBatch) {
        const room = Math.floor(most / (tp * cp * pp))
        const counts = replicaCounts(domain, shape, of.hbd.size, room, workload.globalBatch, microBatch)
        for (const dp of counts) for (const vpp of virtualStages(domain, layers, pp)) {
          yield* everyDetail(domain, { ...shape, vpp, dp, microBatch })
        }
      }
    }
  }
}

function* everyDetail(
  domain: MappingDomain, degrees: Omit<Mapping, "sequenceParallel" | "recompute" | "sharding" | "offload">
): Generator<Mapping> {
  for (const sequenceParallel of degrees.tp === 1 ? [false] : domain.sequenceParallel) {
    for (const recompute of domain.recompute) for (const offload of domain.offload) {
      for (const stage of domain.shardingStage) for (const group of domain.shardingGroup) {
        yield { ...degrees, sequenceParallel, recompute, offload, sharding: { stage, group } }
      }
    }
  }
}

type Shape = Pick<Mapping, "tp" | "cp" | "ep" | "etp" | "pp" | "order">

/**
 * The rule for replica counts, asked of every number: the least of those with as many micro-batches that is
 * aligned so.
 */
function replicaCounts(
  domain: MappingDomain, { tp, cp, ep, etp, pp, order }: Shape, hbdSize: number, most: number, batch: number,
  microBatch: number
): ReadonlyArray<number> {
  const isWhole = (dp: number) => (tp * cp * dp) % (ep * etp) === 0
  const all = Array.from({ length: most }, (_, i) => i + 1).filter(isWhole)
  if (domain.dp !== null) return all.filter((dp) => domain.dp!.includes(dp))
  const inner = order === "tp-cp-pp-dp" ? tp * cp * pp : tp * cp
  const room = Math.max(1, Math.floor(hbdSize / inner))
  const alignments = [room, ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512].filter((n) => n <= room)]
  const microBatches = (dp: number) => Math.ceil(batch / (dp * microBatch))
  return all.filter((dp) =>
    alignments.some((n) =>
      dp % n === 0 && !all.some((less) => less < dp && less % n === 0 && microBatches(less) === microBatches(dp))
    )
  )
}
