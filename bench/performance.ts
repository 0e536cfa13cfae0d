/**
 * Evaluations per second of the performance model on one core: memory and time of mappings, by the hot path,
 * after its answers are compared with the explained path.
 */
import { constantsFor } from "../models/performance/constants.ts"
import { createEvaluator, evaluateMapping, offloadCode, recomputeCode } from "../models/performance/evaluator.ts"
import type { Evaluator } from "../models/performance/evaluator.ts"
import { explainStep } from "../models/performance/explanation.ts"
import type { Mapping } from "../models/performance/mapping.ts"
import { shardAll } from "../models/performance/replicas.ts"
import { figure } from "../models/performance/step.ts"
import type { PerformanceCase } from "./performance-cases.ts"
import { cases, mappings } from "./performance-cases.ts"

/** A list of mappings as columns of numbers, so that the timed loop reads no objects. */
interface Columns {
  readonly count: number
  readonly numbers: Int32Array
}

const width = 12

function columns(list: ReadonlyArray<Mapping>): Columns {
  const numbers = new Int32Array(list.length * width)
  list.forEach((m, i) => {
    numbers.set([
      m.tp, m.cp, m.ep, m.etp, m.pp, m.vpp, m.dp, m.microBatch, m.sequenceParallel ? 1 : 0, recomputeCode[m.recompute],
      m.sharding.stage, m.order === "tp-cp-dp-pp" ? 1 : 0
    ], i * width)
  })
  return { count: list.length, numbers }
}

/** Evaluates all mappings once; returns how many fit, and the best step time among those. */
function sweep(
  evaluator: Evaluator, { count, numbers }: Columns, capacity: number
): { fitting: number; bestS: number } {
  let fitting = 0
  let bestS = Infinity
  for (let i = 0; i < count; i += 1) {
    const at = i * width
    const stepS = evaluator.evaluate(
      numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!, numbers[at + 4]!, numbers[at + 5]!,
      numbers[at + 6]!, numbers[at + 7]!, numbers[at + 8]! === 1, numbers[at + 9]!, numbers[at + 10]!, shardAll,
      offloadCode.none, numbers[at + 11]! === 1
    )
    if (evaluator.out[figure.totalBytes]! > capacity) continue
    fitting += 1
    if (stepS < bestS) bestS = stepS
  }
  return { fitting, bestS }
}

/** Throws unless the hot path and the explained path agree to the last bit on every `stride`-th mapping. */
function compare(subject: PerformanceCase, evaluator: Evaluator, list: ReadonlyArray<Mapping>, stride: number): number {
  const constants = constantsFor(subject.machine.accelerator.family)
  let compared = 0
  for (let i = 0; i < list.length; i += stride) {
    const mapping = list[i]!
    const hot = evaluateMapping(evaluator, mapping)
    const plain = explainStep(subject.workload, subject.machine, mapping, constants)
    const memory = evaluator.out[figure.totalBytes]! / 1e9
    if (hot !== plain.stepTimeS || memory !== plain.memory.totalGB) {
      throw new Error(`${subject.name}: paths disagree on ${JSON.stringify(mapping)}: ${hot} s, ${plain.stepTimeS} s`)
    }
    compared += 1
  }
  return compared
}

/** Runs both cases `rounds` times and prints the least, median and largest rate, per second of processor time. */
export function benchPerformance(rounds = 9): void {
  for (const subject of cases) {
    const list = mappings(subject)
    const evaluator = createEvaluator(
      subject.workload, subject.machine, constantsFor(subject.machine.accelerator.family)
    )
    const compared = compare(subject, evaluator, list, 97)
    const table = columns(list)
    const capacity = subject.machine.accelerator.memoryGB * 1e9
    const { fitting, bestS } = sweep(evaluator, table, capacity)
    const rates: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const start = process.cpuUsage()
      sweep(evaluator, table, capacity)
      const { user, system } = process.cpuUsage(start)
      rates.push(table.count / ((user + system) / 1e6))
    }
    rates.sort((a, b) => a - b)
    const rate = (x: number) => `${(x / 1e6).toFixed(2)} M/s`
    console.log(subject.name)
    console.log(`  ${list.length} mappings, ${compared} of them compared with the explained path`)
    console.log(`  ${fitting} fit in memory, the best takes ${bestS.toFixed(3)} s a step`)
    console.log(`  min ${rate(rates[0]!)}, median ${rate(rates[rates.length >> 1]!)}, max ${rate(rates.at(-1)!)}`)
  }
}
