import { describe, expect, it } from "vitest"
import { idealScaleOut } from "../../../models/design-space/ideal-machine.ts"
import type { FabricClass } from "../../../models/design-space/fabric-class.ts"
import { createLayoutSpace, type LayoutSpace } from "../../../models/design-space/layout-space.ts"
import type { Candidate, Judged } from "../../../models/design-space/layout-tree.ts"
import { machineOf } from "../../../models/design-space/machine-of-design.ts"
import {
  leastStep, leastStepOfPipeline, roughStepOfPipeline, roughStepOfSilicon, timedRuns
} from "../../../models/design-space/mapping-run.ts"
import { leastExchange } from "../../../models/design-space/replica-exchange.ts"
import { cutsByWork } from "../../../models/design-space/mapping-search.ts"
import type { Machine } from "../../../models/performance/machine.ts"
import { fastestPayload } from "../../../models/collectives/link.ts"
import { evaluateMapping, recomputeCode } from "../../../models/performance/evaluator.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import { gapOf } from "../../../solvers/contract/gap.ts"
import { type Draw, drawFrom } from "./cut-down.ts"
import { shipped } from "./shipped.ts"

const worldOf = ({ tp, cp, pp, dp }: Mapping): number => tp * cp * pp * dp

/** Seconds that the bounds of the mapping search say no step of the mapping on the machine undercuts, by name. */
function stepFloors(space: LayoutSpace, machine: Machine, mapping: Mapping, hbds: number): Record<string, number> {
  const problem = space.machines.problem(machine, hbds)
  const cuts = [...cutsByWork(problem)]
  const { cut, work } = cuts.find(({ cut: { tp, cp, ep, etp, microBatch, sequenceParallel } }) =>
    tp === mapping.tp && cp === mapping.cp && ep === mapping.ep && etp === mapping.etp &&
    microBatch === mapping.microBatch && sequenceParallel === mapping.sequenceParallel
  )!
  const plan = problem.pipelines.find(({ pp }) => pp === mapping.pp)!
  const run = timedRuns(problem, cut, plan, mapping.order, recomputeCode[mapping.recompute])
    .find(({ vpp }) => vpp === mapping.vpp)!
  const microBatches = Math.ceil(problem.globalBatch / (mapping.dp * mapping.microBatch))
  const layers = problem.times.layers(cut, problem.lightest)
  const payloadBps = fastestPayload(problem.evaluator.step.links)
  return {
    cut: space.stepOn(work)(worldOf(mapping)),
    block: space.stepOn(cuts[0]!.work)(worldOf(mapping)),
    silicon: roughStepOfSilicon(problem, cut, problem.floors().layers[cut.index]!, plan, microBatches, Infinity),
    "silicon with its links":
      roughStepOfSilicon(problem, cut, problem.linkedFloors(payloadBps).layers[cut.index]!, plan, microBatches, payloadBps),
    pipeline: roughStepOfPipeline(problem, cut, layers, plan, microBatches),
    "pipeline in its order": leastStepOfPipeline(problem, layers, plan, mapping.order, microBatches),
    run: leastStep(problem, run, microBatches),
    "run with what its replicas exchange":
      leastStep(problem, run, microBatches) + leastExchange(problem, problem.times.layers(cut, run.recompute), run, mapping.dp)
  }
}

/**
 * The bound that comes nearest to the candidate's step, over that step: above 1 it is broken. Null: cannot be
 * built.
 */
function pressure(space: LayoutSpace, candidate: Candidate): { readonly ratio: number; readonly name: string } | null {
  const judged = space.judge(candidate)
  if (judged === null) return null
  const of = space.classOf(candidate)
  const ideal = machineOf(of.hbd, idealScaleOut(of.hbd), of.crossing?.performance ?? null)
  const { mapping, hbds } = candidate
  const floors = {
    ...stepFloors(space, of.machine, mapping, hbds),
    "behind an ideal scale-out": evaluateMapping(space.machines.evaluator(ideal), mapping)
  }
  const ratios = {
    ...Object.fromEntries(Object.entries(floors).map(([name, floorS]) => [name, floorS / judged.stepS])), ...usePressure(of, judged)
  }
  const [name, ratio] = Object.entries(ratios).reduce((most, one) => (one[1] > most[1] ? one : most))
  return { ratio, name }
}

/** What the member's bounds say that each site uses at the least, over what it does; and its HBDs over their bound. */
function usePressure(of: FabricClass, { classUse: { member, placement, uses } }: Judged): Record<string, number> {
  const { stands } = of.members[member]!
  return Object.fromEntries(stands.flatMap(({ useBound, hbdsBound }, i) => [
    [`HBDs at site ${i}`, placement[i]! / hbdsBound] as const,
    ...(["itPowerW", "meterPowerW", "racks", "floorM2", "capexUsd"] as const)
      .map((figure) => [`${figure} at site ${i}`, placement[i]! * useBound[figure] / uses[i]![figure]] as const)
  ]))
}

function neighbour(genes: ReadonlyArray<number>, cardinalities: ReadonlyArray<number>, draw: Draw): Array<number> {
  const changed = [...genes]
  const g = 1 + draw.below(genes.length - 1)
  changed[g] = draw.below(cardinalities[g]!)
  return changed
}

/** Climbs from a random candidate of the block towards the highest pressure. */
function climb(space: LayoutSpace, block: number, draw: Draw, steps: number): number {
  const genome = space.genomeOf([block])
  const cardinalities = genome.genes.map(({ cardinality }) => cardinality)
  let genes = cardinalities.map((count) => draw.below(count))
  let highest = 0
  let feasible = 0
  for (let step = 0; step < steps; step++) {
    const trial = neighbour(genes, cardinalities, draw)
    const candidate = genome.decode(trial)
    const found = candidate === null ? null : pressure(space, candidate)
    if (candidate === null || found === null) {
      if (feasible === 0) genes = trial
      continue
    }
    feasible++
    expect(found.ratio, `${found.name}: ${JSON.stringify(candidate)}`).toBeLessThanOrEqual(1 + 1e-9)
    expectBelow(space, candidate)
    if (found.ratio < highest) continue
    highest = found.ratio
    genes = trial
  }
  return feasible
}

function expectBelow(space: LayoutSpace, candidate: Candidate): void {
  const value = space.evaluate(candidate)
  for (const level of [0, 1]) {
    const bound = space.bound({ kind: "block", block: candidate.block }, level)
    const beaten = space.sense === "maximize" ? value! > bound : value! < bound
    expect(beaten ? gapOf(space.sense, bound, value) : 0).toBeLessThanOrEqual(1e-9)
  }
}

describe("the bounds of the layout search", () => {
  it.each(shipped)("withstand hill climbing on $name", ({ name, scenario, hardware }) => {
    // a throughput floor would hide what misses it
    const free = { ...scenario, objective: { ...scenario.objective, throughputFloor: 1, deadlineDays: null } }
    const space = createLayoutSpace(free, hardware)
    const draw = drawFrom(name.length)
    let feasible = 0
    for (const block of draw.some(space.blocks.map((_, i) => i), 2)) {
      for (let restart = 0; restart < 4; restart++) feasible += climb(space, block, draw, 60)
    }
    expect(feasible).toBeGreaterThan(0)
  }, 60_000)
})
