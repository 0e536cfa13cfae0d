/** Two recommendations side by side: what was asked, what was answered, and where the difference comes from. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { reasonOf } from "../batch/reason.ts"

/** A place of both documents at which they differ; undefined: not there. */
export interface Change {
  readonly path: string
  readonly a: unknown
  readonly b: unknown
}

/** A part of the time per million tokens. */
export interface TimeChange {
  readonly name: string
  readonly aS: number
  readonly bS: number
}

export interface RowChange {
  readonly name: string
  readonly unit: string
  readonly a: number | null
  readonly b: number | null
  readonly isFullInA: boolean
  readonly isFullInB: boolean
}

export interface RecommendationDifference {
  readonly scenario: ReadonlyArray<Change>
  readonly provenance: ReadonlyArray<Change>
  readonly status: { readonly a: string; readonly b: string }
  readonly objective: { readonly a: Recommendation["objective"]; readonly b: Recommendation["objective"] }
  readonly layout: ReadonlyArray<Change>
  readonly mapping: ReadonlyArray<Change>
  /** seconds per million tokens; largest change first; empty unless both have a plan */
  readonly time: ReadonlyArray<TimeChange>
  readonly resources: ReadonlyArray<RowChange>
  /** in words, for people */
  readonly because: ReadonlyArray<string>
}

export function differenceOf(a: Recommendation, b: Recommendation): RecommendationDifference {
  const time = timeChanges(a, b)
  return {
    scenario: changesBetween(a.scenario, b.scenario, ""),
    provenance: changesBetween(origin(a), origin(b), ""),
    status: { a: statusOf(a), b: statusOf(b) },
    objective: { a: a.objective, b: b.objective },
    layout: changesBetween(a.layout, b.layout, "").filter(({ path }) => !path.startsWith("sites")),
    mapping: changesBetween(a.mapping, b.mapping, ""),
    time,
    resources: rowChanges(a, b),
    because: reasons(a, b, time)
  }
}

const origin = ({ provenance: { program, version, catalogHash, constantsHash } }: Recommendation) =>
  ({ program, version, catalogHash, constantsHash })

const statusOf = ({ status, limit }: Recommendation): string => limit === null ? status : `${status} (${limit})`

/** Every leaf that differs, in the order of `a`, then what only `b` has. */
export function changesBetween(a: unknown, b: unknown, path: string): ReadonlyArray<Change> {
  if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      changesBetween(a[key], b[key], Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`))
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ path: path === "" ? "all" : path, a, b }]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null

/** Steps of different batches take different times: each is told per million tokens. None of several workloads. */
function timeChanges(a: Recommendation, b: Recommendation): ReadonlyArray<TimeChange> {
  if (a.performance === null || b.performance === null || a.programme !== null || b.programme !== null) return []
  const [shareA, shareB] = [secondsByCause(a), secondsByCause(b)]
  return [...new Set([...shareA.keys(), ...shareB.keys()])]
    .map((name) => ({ name, aS: shareA.get(name) ?? 0, bS: shareB.get(name) ?? 0 }))
    .filter(({ aS, bS }) => Math.abs(aS - bS) > 1e-9 * Math.max(aS, bS))
    .sort((x, y) => Math.abs(y.bS - y.aS) - Math.abs(x.bS - x.aS))
}

function secondsByCause({ performance, scenario: { workload } }: Recommendation): ReadonlyMap<string, number> {
  const millions = workload.globalBatch * workload.sequence / 1e6
  return new Map(performance!.breakdown.map(({ name, timeS }) => [name, timeS / millions]))
}

/** A limit that is used to this share holds the plan back. */
const fullShare = 0.98

function rowChanges(a: Recommendation, b: Recommendation): ReadonlyArray<RowChange> {
  const names = [...new Set([...a.resources, ...b.resources].map(({ name }) => name))]
  return names.flatMap((name) => {
    const [inA, inB] = [a, b].map(({ resources }) => resources.find((row) => row.name === name))
    const isFull = (row: typeof inA) => row !== undefined && row.limit !== null && row.used >= fullShare * row.limit
    const change = {
      name, unit: (inA ?? inB)!.unit, a: inA?.used ?? null, b: inB?.used ?? null,
      isFullInA: isFull(inA), isFullInB: isFull(inB)
    }
    return change.a === change.b && change.isFullInA === change.isFullInB ? [] : [change]
  })
}

/** What a plan does, and with how many accelerators. */
export interface Output {
  readonly tokensPerS: number
  readonly accelerators: number
}

/** Throughput is accelerators times what each does: which of the two it was. */
export const shareText = (a: Output, b: Output): string =>
  `accelerators ${share(a.accelerators, b.accelerators)}, each of them ` +
  share(a.tokensPerS / a.accelerators, b.tokensPerS / b.accelerators)

const share = (a: number, b: number): string => `${b < a ? "−" : "+"}${Math.abs((b / a - 1) * 100).toFixed(1)} %`

/** The largest causes of the time's change. */
export const timeReasons = ([first, second]: ReadonlyArray<TimeChange>): ReadonlyArray<string> =>
  first === undefined ? [] : [`most of the time's change: ${first.name}${second === undefined ? "" : `, ${second.name}`}`]

function reasons(a: Recommendation, b: Recommendation, time: ReadonlyArray<TimeChange>): ReadonlyArray<string> {
  const [ofA, ofB] = [outputOf(a), outputOf(b)]
  if (ofA === null || ofB === null) {
    return Object.entries({ A: a, B: b }).flatMap(([side, of]) =>
      outputOf(of) === null ? [`${side} has no plan: ${reasonOf(of)}`] : [])
  }
  return [
    `throughput ${share(ofA.tokensPerS, ofB.tokensPerS)}: ${shareText(ofA, ofB)}`,
    ...(a.programme === null && b.programme === null ? [] : ["where the time of a step goes is compared for one workload alone"]),
    ...timeReasons(time),
    ...provenBetter(a, b)
  ]
}

const outputOf = ({ programme, performance, layout }: Recommendation): Output | null =>
  performance === null || layout === null
    ? null
    : { tokensPerS: (programme ?? performance).tokensPerS, accelerators: layout.accelerators }

/** Values of different objectives, or in different units, are not compared. */
export const isSameObjective = (a: Recommendation["objective"], b: Recommendation["objective"]): boolean =>
  a.name === b.name && a.unit === b.unit

/** Of the same question, a value beyond the other's bound is a contradiction, and told as one. */
function provenBetter({ objective: a }: Recommendation, { objective: b }: Recommendation): ReadonlyArray<string> {
  if (!isSameObjective(a, b) || a.value === null || b.value === null || a.bound === null || b.bound === null) return []
  const beats = (value: number, bound: number) => (a.sense === "maximize" ? value > bound : value < bound)
  return beats(b.value, a.bound)
    ? ["B is beyond A's bound: its question is another one"]
    : beats(a.value, b.bound)
    ? ["A is beyond B's bound: its question is another one"]
    : ["each value is within the other's bound"]
}
