/**
 * A multiple-choice knapsack as a search space: small, with a known optimum by brute force, infeasible leaves
 * and ties.
 */
import type { Sense } from "../../solvers/contract/linear-program.ts"
import type { Interrupt, SearchRequest } from "../../solvers/contract/search-run.ts"
import { unlimited } from "../../solvers/contract/search-run.ts"
import type { GenomeView, SearchSpace } from "../../solvers/contract/search-space.ts"

export interface Choices {
  readonly sense: Sense
  /** per gene and allele: what it adds to the value, and what it weighs */
  readonly values: ReadonlyArray<ReadonlyArray<number>>
  readonly weights: ReadonlyArray<ReadonlyArray<number>>
  readonly capacity: number
}

export type Digits = ReadonlyArray<number>

const sum = (digits: Digits, table: ReadonlyArray<ReadonlyArray<number>>): number =>
  digits.reduce((total, digit, g) => total + table[g]![digit]!, 0)

const compareDigits = (a: Digits, b: Digits): number => {
  const at = a.findIndex((digit, g) => digit !== b[g])
  return at < 0 ? 0 : a[at]! - b[at]!
}

/** Every assignment, with no help from the space's own functions. */
export function bruteForce({ sense, values, weights, capacity }: Choices): { value: number; digits: Digits } | null {
  let best: { value: number; digits: Digits } | null = null
  const visit = (digits: Digits): void => {
    if (digits.length < values.length) return values[digits.length]!.forEach((_, allele) => visit([...digits, allele]))
    if (sum(digits, weights) > capacity) return
    const value = sum(digits, values)
    // digits come in their order, so the first of equals stays
    if (best === null || (sense === "maximize" ? value > best.value : value < best.value)) best = { value, digits }
  }
  visit([])
  return best
}

/** `usesTieRule`: whether nodes that can only tie later in the order may be pruned. */
export function productSpace(choices: Choices, usesTieRule = false): SearchSpace<Digits, Digits> {
  const { sense, values, weights, capacity } = choices
  const best = sense === "maximize" ? Math.max : Math.min
  const bound = (node: Digits, level: number): number => {
    const room = capacity - sum(node, weights)
    if (room < 0) return sense === "maximize" ? -Infinity : Infinity
    return values.slice(node.length).reduce((total, row, k) => {
      const fits = row.filter((_, allele) => level === 0 || weights[node.length + k]![allele]! <= room)
      return total + (fits.length === 0 ? 0 : best(...fits))
    }, sum(node, values))
  }
  const genome: GenomeView<Digits> = {
    genes: values.map((row, g) => ({ name: `gene ${g}`, cardinality: row.length })),
    decode: (genes) => [...genes],
    encode: (digits) => digits
  }
  const space: SearchSpace<Digits, Digits> = {
    sense,
    root: () => [],
    leaf: (node) => (node.length === values.length ? node : null),
    evaluate: (digits) => (sum(digits, weights) > capacity ? null : sum(digits, values)),
    branch: (node) => values[node.length]!.map((_, allele) => [...node, allele]),
    bound,
    levels: () => 2,
    compare: compareDigits,
    ...(values.every((row) => row.length > 0) ? { genome } : {})
  }
  // the first candidate below a node is the node followed by zeros
  const first = (node: Digits): Digits => values.map((_, g) => node[g] ?? 0)
  return usesTieRule ? { ...space, mayPrecede: (node, digits) => compareDigits(first(node), digits) < 0 } : space
}

/** A generator of numbers for tests: the same on every machine. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export function randomChoices(seed: number, genes: number, alleles: number, sense: Sense, spread = 9): Choices {
  const draw = seeded(seed)
  const table = (): ReadonlyArray<ReadonlyArray<number>> =>
    Array.from({ length: genes }, () => Array.from({ length: alleles }, () => draw(spread)))
  return { sense, values: table(), weights: table(), capacity: Math.floor(genes * spread * 0.4) }
}

/** What weighs more is worth more: bounds tell little, so the tree is large. */
export function hardChoices(seed: number, genes: number, alleles: number): Choices {
  const draw = seeded(seed)
  const weights = Array.from({ length: genes }, () => Array.from({ length: alleles }, () => draw(1000)))
  const values = weights.map((row) => row.map((weight) => weight + draw(40)))
  return { sense: "maximize", values, weights, capacity: genes * 450 }
}

/**
 * A clock that advances by `stepS` each time it is read, and a signal that stops it after `reads` questions.
 */
export function fakeInterrupt(stepS = 0, questions = Infinity): Interrupt {
  let timeS = 0
  let asked = 0
  return { now: () => (timeS += stepS), stopped: () => ++asked > questions }
}

export function requestFor<Node, Candidate>(
  space: SearchSpace<Node, Candidate>,
  more: Partial<SearchRequest<Node, Candidate>> = {}
): SearchRequest<Node, Candidate> {
  return {
    space, limits: unlimited, interrupt: fakeInterrupt(), seed: 1, incumbents: [], progress: () => undefined, ...more
  }
}
