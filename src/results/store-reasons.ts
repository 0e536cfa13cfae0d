/** Why two stores differ: what was asked otherwise, and the recommendations of some pairs side by side. */
import { Result, Schema } from "effect"
import { Recommendation } from "../schema/recommendation.ts"
import { type Change, changesBetween, differenceOf, type RecommendationDifference } from "./recommendation-difference.ts"
import type { KeyPair } from "./store-difference.ts"

export interface QuestionChange extends Change {
  /** of those looked at, in how many */
  readonly pairs: number
}

export interface StoreReasons {
  /** of scenarios, and of the performance model's constants */
  readonly question: { readonly lookedAt: number; readonly changes: ReadonlyArray<QuestionChange> }
  /** recommendations of the pairs read, but of another version's form; what was asked is in `question` */
  readonly pairs: ReadonlyArray<PairDifference>
}

export interface PairDifference extends Omit<RecommendationDifference, "scenario" | "provenance"> {
  readonly keys: KeyPair
}

/** Recommendations as they are in the stores, by key: those of other versions need not have today's form. */
type Recommendations = ReadonlyMap<string, unknown>

const decode = Schema.decodeUnknownResult(Recommendation)

export function storeReasonsOf(keys: ReadonlyArray<KeyPair>, inA: Recommendations, inB: Recommendations): StoreReasons {
  const read = keys.flatMap((pair) => {
    const [a, b] = [inA.get(pair.a), inB.get(pair.b)]
    return a === undefined || b === undefined ? [] : [{ keys: pair, a, b }]
  })
  const asked = read.filter((pair) => pair.keys.a !== pair.keys.b)
  const changes = asked.map(({ a, b }) => changesBetween(questionOf(a), questionOf(b), ""))
  return {
    question: { lookedAt: asked.length, changes: countedChanges(changes) },
    pairs: read.flatMap((pair) => {
      const [a, b] = [decode(pair.a), decode(pair.b)]
      if (Result.isFailure(a) || Result.isFailure(b)) return []
      const { scenario: _, provenance: __, ...answer } = differenceOf(a.success, b.success)
      return [{ keys: pair.keys, ...answer }]
    })
  }
}

/** A name is no part of the question, versions and catalogues are told of the runs. */
function questionOf(recommendation: unknown): unknown {
  const { scenario: { name: _, ...scenario }, provenance } = recommendation as {
    readonly scenario: Readonly<Record<string, unknown>>
    readonly provenance: { readonly constantsHash: unknown }
  }
  return { ...scenario, constantsHash: provenance.constantsHash }
}

/** What most pairs have in common first, else in the order of scenarios. */
function countedChanges(changes: ReadonlyArray<ReadonlyArray<Change>>): ReadonlyArray<QuestionChange> {
  const counted = new Map<string, QuestionChange>()
  for (const change of changes.flat()) {
    const text = JSON.stringify([change.path, change.a ?? null, change.b ?? null])
    counted.set(text, { ...change, pairs: (counted.get(text)?.pairs ?? 0) + 1 })
  }
  return [...counted.values()].sort((x, y) => y.pairs - x.pairs)
}
