/**
 * The hot path: `createEvaluator` prepares all that a workload, a machine and the constants fix; `evaluate`
 * then judges one mapping, given as plain numbers, with its block figures from a table. After the first visit
 * of a block nothing is allocated.
 */
import type { Links } from "../collectives/link.ts"
import type { TrainingWorkload } from "../workload/training.ts"
import type { BlockChoice, BlockContext } from "./block-choice.ts"
import type { BlockFigures, ComputeTable } from "./block.ts"
import { blockFigures, withoutPhases } from "./block.ts"
import type { Constants } from "./constants.ts"
import type { Execution } from "./execution.ts"
import { modernExecution } from "./execution.ts"
import type { Machine } from "./machine.ts"
import type { Mapping, Recompute } from "./mapping.ts"
import { writeMemory } from "./memory.ts"
import type { Inside } from "./placement.ts"
import { placeRanks } from "./placement.ts"
import { emptyReplicas, setReplicas, shardAll, shardInside } from "./replicas.ts"
import { sustainedSilicon } from "./silicon.ts"
import type { StageLoad } from "./stage.ts"
import { dealLayers, emptyStageLoad } from "./stage.ts"
import { figureCount, writeStepTime } from "./step.ts"
import type { StepChoice, StepContext } from "./step.ts"

/** Recomputation as the number that `evaluate` takes. */
export const recomputeCode: Readonly<Record<Recompute, number>> = { none: 0, selective: 1, full: 2 }
const recomputeKinds: ReadonlyArray<Recompute> = ["none", "selective", "full"]

/** Offloading as the number that `evaluate` takes. */
export const offloadCode: Readonly<Record<Mapping["offload"], number>> = { none: 0, optimizer: 1, activations: 2 }

export interface Evaluator {
  readonly block: BlockContext
  readonly step: StepContext
  readonly machine: Machine
  /** block figures met so far */
  readonly blocks: BlockTable
  /** figures of the last evaluated mapping, indexed by `figure` */
  readonly out: Float64Array
  /**
   * Evaluates one valid mapping into `out` and returns the step's seconds. Flags are booleans, `stage` the
   * ZeRO stage, `shardRanks` what it spans (`shardAll`, `shardInside` or a number of ranks), `recompute` and
   * `offload` the codes above; `pipelineLast` is the order "tp-cp-dp-pp".
   */
  readonly evaluate: (
    tp: number, cp: number, ep: number, etp: number, pp: number, vpp: number, dp: number, microBatch: number,
    sequenceParallel: boolean, recompute: number, stage: number, shardRanks: number, offload: number,
    pipelineLast: boolean
  ) => number
}

/** The links of a machine with the constants' protocol efficiency and hop latency. */
export function machineLinks(machine: Machine, constants: Constants): Links {
  const { common, family } = constants
  return {
    up: { fabric: machine.scaleUp, efficiency: family.scaleUp, hopS: common.hopScaleUpS },
    out: { fabric: machine.scaleOut, efficiency: common.scaleOut, hopS: common.hopScaleOutS },
    across: siteLink(machine, constants),
    startS: common.collectiveStartS
  }
}

/** Ethernet over coherent optics reaches the share of its rate that the scale-out does. */
function siteLink({ scaleAcross }: Machine, { common }: Constants): Links["across"] {
  if (scaleAcross === null) return null
  return { sites: scaleAcross.sites, Bps: scaleAcross.GBps * 1e9 * common.scaleOut, latencyS: scaleAcross.latencyS }
}

export function blockContext(
  workload: TrainingWorkload, machine: Machine, constants: Constants, execution: Execution,
  computed: ComputeTable = new Map()
): BlockContext {
  const { common, family } = constants
  const silicon = sustainedSilicon(machine.accelerator, workload.precision, execution, common, family)
  return { workload, silicon, links: machineLinks(machine, constants), execution, constants, computed }
}

export function stepContext(machine: Machine, block: BlockContext): StepContext {
  return {
    shape: block.workload.model,
    globalBatch: block.workload.globalBatch,
    links: block.links,
    constants: block.constants,
    memoryBps: block.silicon.memoryBps,
    execution: block.execution,
    hostLinkBps: machine.host === null ? 0 : machine.host.linkGBps * 1e9
  }
}

/** Open addressing over eight integers; keeps the block figures computed so far. */
export interface BlockTable {
  keys: Int32Array
  readonly blocks: Array<BlockFigures>
  capacity: number
  /** where the key found last stands */
  lastStart: number
}

const keyWidth = 9

function emptyBlockTable(): BlockTable {
  return { keys: new Int32Array(64 * keyWidth), blocks: [], capacity: 64, lastStart: 0 }
}

function emptySlot(table: BlockTable, hash: number): number {
  let slot = hash & (table.capacity - 1)
  while (table.keys[slot * keyWidth]! !== 0) slot = (slot + 1) & (table.capacity - 1)
  return slot
}

function hashOf(keys: Int32Array, start: number): number {
  let hash = 0
  for (let i = 1; i < keyWidth; i += 1) hash = Math.imul(hash ^ keys[start + i]!, 0x9e3779b1) ^ (hash >>> 15)
  return hash ^ (hash >>> 13)
}

function growTable(table: BlockTable): void {
  const old = table.keys
  const slots = table.capacity
  table.capacity *= 2
  table.keys = new Int32Array(table.capacity * keyWidth)
  table.lastStart = 0
  for (let slot = 0; slot < slots; slot += 1) {
    const start = slot * keyWidth
    if (old[start]! === 0) continue
    table.keys.set(old.subarray(start, start + keyWidth), emptySlot(table, hashOf(old, start)) * keyWidth)
  }
}

/** Position of the block with `probe`'s key, or -1; searches mostly ask for the one they asked for last. */
function findBlock(table: BlockTable, probe: Int32Array): number {
  const { keys } = table
  const last = table.lastStart
  let same = keys[last]! === 0 ? 0 : 1
  while (same > 0 && same < keyWidth && keys[last + same]! === probe[same]!) same += 1
  if (same === keyWidth) return keys[last]! - 1
  let slot = hashOf(probe, 0) & (table.capacity - 1)
  for (;;) {
    const start = slot * keyWidth
    const stored = keys[start]!
    if (stored === 0) return -1
    let i = 1
    while (i < keyWidth && keys[start + i]! === probe[i]!) i += 1
    if (i === keyWidth) {
      table.lastStart = start
      return stored - 1
    }
    slot = (slot + 1) & (table.capacity - 1)
  }
}

function addBlock(table: BlockTable, probe: Int32Array, block: BlockFigures): void {
  if (2 * table.blocks.length >= table.capacity) growTable(table)
  table.blocks.push(block)
  probe[0] = table.blocks.length
  table.keys.set(probe, emptySlot(table, hashOf(probe, 0)) * keyWidth)
}

/** Which rate of the tapered scale-out fabric a group that stretches over `span` ranks gets. */
function taperLevel(machine: Machine, span: number): number {
  let level = 0
  for (const taper of machine.scaleOut.taper) if (span > taper.span) level += 1
  return level
}

/**
 * Prepares the evaluation of mappings of one workload on one machine. `computed` may be shared with evaluators of the same
 * workload, accelerator and execution; `table` too where only the links between sites differ.
 */
export function createEvaluator(
  workload: TrainingWorkload,
  machine: Machine,
  constants: Constants,
  execution: Execution = modernExecution,
  computed: ComputeTable = new Map(),
  table: BlockTable = emptyBlockTable()
): Evaluator {
  const context = blockContext(workload, machine, constants, execution, computed)
  const steps = stepContext(machine, context)
  const probe = new Int32Array(keyWidth)
  const inside: Inside = { tp: 1, cp: 1, dp: 1, pp: 1, ep: 1, expertData: 1 }
  const load: StageLoad = emptyStageLoad()
  const out = new Float64Array(figureCount)
  const data = emptyReplicas()
  const expertData = emptyReplicas()
  const choice: StepChoice = {
    microBatch: 1, pp: 1, vpp: 1, dp: 1, world: 1, stage: 0, offloadsOptimizer: false,
    offloadsActivations: false, pipelineCrosses: false, pipelineSpansSites: false, data, expertData
  }

  const evaluate: Evaluator["evaluate"] = (
    tp, cp, ep, etp, pp, vpp, dp, microBatch, sequenceParallel, recompute, stage, shardRanks, offload, pipelineLast
  ) => {
    placeRanks(tp, cp, ep, etp, pp, dp, pipelineLast, machine.hbdSize, inside)
    const world = tp * cp * pp * dp
    const expertSpan = pipelineLast || ep * etp <= tp * cp ? ep * etp : world
    probe[1] = tp
    probe[2] = cp
    probe[3] = ep
    probe[4] = etp
    probe[5] = Math.round(microBatch * 1024)
    probe[6] = (inside.tp << 16) | inside.cp
    probe[7] = (inside.ep << 4) | taperLevel(machine, expertSpan)
    probe[8] = (recompute << 1) | (sequenceParallel ? 1 : 0)
    let position = findBlock(table, probe)
    if (position < 0) {
      const fresh: BlockChoice = {
        tp, cp, ep, etp, microBatch, sequenceParallel,
        recompute: recomputeKinds[recompute]!,
        tensor: { inside: inside.tp, outside: tp / inside.tp, span: tp },
        context: { inside: inside.cp, outside: cp / inside.cp, span: tp * cp },
        expert: { inside: inside.ep, outside: ep / inside.ep, span: expertSpan }
      }
      addBlock(table, probe, withoutPhases(blockFigures(context, fresh)))
      position = table.blocks.length - 1
    }
    const block = table.blocks[position]!
    const dataSpan = pipelineLast ? tp * cp * dp : world
    const dataInside = inside.cp * inside.dp
    const replicas = (tp * cp * dp) / (ep * etp)
    setReplicas(data, dataInside, (cp * dp) / dataInside, dataSpan, shardRanks)
    setReplicas(expertData, inside.expertData, replicas / inside.expertData, dataSpan, shardRanks)
    choice.microBatch = microBatch
    choice.pp = pp
    choice.vpp = vpp
    choice.dp = dp
    choice.world = world
    choice.stage = stage
    choice.offloadsOptimizer = offload === offloadCode.optimizer
    choice.offloadsActivations = offload === offloadCode.activations
    choice.pipelineCrosses = inside.pp < pp
    choice.pipelineSpansSites = pipelineLast && pp > 1
    dealLayers(workload.model, block, pp, vpp, load)
    writeStepTime(block, choice, load, steps, out)
    writeMemory(block, choice, load, steps, out)
    return out[0]!
  }
  return { block: context, step: steps, machine, blocks: table, out, evaluate }
}

/** `evaluate` for a mapping as data. */
export function evaluateMapping(evaluator: Evaluator, mapping: Mapping): number {
  return evaluator.evaluate(
    mapping.tp, mapping.cp, mapping.ep, mapping.etp, mapping.pp, mapping.vpp, mapping.dp, mapping.microBatch,
    mapping.sequenceParallel, recomputeCode[mapping.recompute], mapping.sharding.stage,
    mapping.sharding.group === "hbd" ? shardInside : shardAll, offloadCode[mapping.offload],
    mapping.order === "tp-cp-dp-pp"
  )
}
