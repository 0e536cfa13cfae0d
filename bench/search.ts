/**
 * The search of layouts: time to the proven optimum and to within 1 % of it, how near the bounds are, how the
 * work grows, and what the heuristics bring. Every answer is judged again before its time is printed.
 */
import { readdirSync, readFileSync } from "node:fs"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Result } from "effect"
import { parse } from "yaml"
import { createLayoutSpace, type LayoutSpace } from "../models/design-space/layout-space.ts"
import type { Candidate } from "../models/design-space/layout-tree.ts"
import type { Scenario } from "../models/design-space/scenario.ts"
import { createDropLog, type Hardware, selectHardware } from "../models/design-space/selection.ts"
import { loadCatalog } from "../src/catalog/catalog-files.ts"
import { decodeScenario } from "../src/scenario/decode.ts"
import { prepareProblem } from "../src/planner/problem.ts"
import { searchTree } from "../solvers/branch-and-bound/branch-and-bound.ts"
import { betterOf, gapOf, isWorseBeyondMargin } from "../solvers/contract/gap.ts"
import { type Answer, type Progress, type SearchRequest, unlimited } from "../solvers/contract/search-run.ts"
import { searchGenomes } from "../solvers/genetic/genetic.ts"
import { climb } from "../solvers/local-search/local-search.ts"
import { benchCalculon } from "./search-calculon.ts"

/** No case may take longer, s. */
const mostS = 60

interface Case {
  readonly name: string
  readonly scenario: Scenario
  readonly hardware: Hardware
}

interface Solved {
  readonly answer: Answer<Candidate>
  readonly space: LayoutSpace
  readonly seconds: number
  /** to within 1 % of what was found in the end; null: nothing was */
  readonly nearS: number | null
}

type Heuristic = (request: SearchRequest<unknown, Candidate>) => Answer<Candidate> | Promise<Answer<Candidate>>

const catalog = await Effect.runPromise(loadCatalog(null).pipe(Effect.provide(NodeServices.layer)))
const folder = new URL("../instances/scenarios/", import.meta.url)

function shippedCase(file: string): Case {
  const decoded = decodeScenario(parse(readFileSync(new URL(file, folder), "utf8")), catalog)
  if (Result.isFailure(decoded)) throw new Error(`${file} does not decode`)
  const scenario = decoded.success
  return { name: file.replace(".yaml", ""), scenario, hardware: selectHardware(scenario, catalog, createDropLog()) }
}

async function solve({ scenario, hardware }: Case, heuristic: Heuristic | null = null): Promise<Solved> {
  const start = performance.now()
  const now = () => (performance.now() - start) / 1000
  const space = createLayoutSpace(scenario, hardware)
  const met: Array<Progress> = []
  const request = {
    space, limits: { ...unlimited, timeS: mostS }, interrupt: { now, stopped: () => false }, seed: 1, incumbents: [],
    progress: (event: Progress) => void met.push({ ...event, timeS: now() })
  }
  const found = heuristic === null ? null : (await heuristic(request as SearchRequest<unknown, Candidate>)).incumbent
  const answer = searchTree({ ...request, incumbents: found === null ? [] : [found] })
  verify(space, answer)
  const value = answer.incumbent?.value ?? null
  const near = met.find(({ incumbent }) =>
    value !== null && incumbent !== null && Math.abs(incumbent - value) <= 0.01 * Math.abs(value)
  )
  return { answer, space, seconds: now(), nearS: near?.timeS ?? null }
}

function verify(space: LayoutSpace, { incumbent }: Answer<Candidate>): void {
  if (incumbent !== null && space.judge(incumbent.candidate)?.value !== incumbent.value) {
    throw new Error(`${space.scenario.name}: the answer's value is not its candidate's`)
  }
}

/** How far above the optimum the linear relaxation of the root lies, which mixes blocks, as a gap. */
function rootGap({ space: { scenario, sense }, answer: { incumbent } }: Solved): string {
  // of a programme the space is that of its first workload
  if (incumbent === null || scenario.furtherWorkloads.length > 0) return "–"
  return percent(gapOf(sense, incumbent.value, prepareProblem(scenario, catalog).relaxation().bound))
}

/** How far above the optimum the best block's bound lies, as a gap, by level. */
function blockGap({ space, answer }: Solved, level: number): string {
  const bounds = space.blocks.map((_, block) => space.bound({ kind: "block", block }, level))
  if (bounds.length === 0 || answer.incumbent === null) return "–"
  const best = space.sense === "maximize" ? Math.max(...bounds) : Math.min(...bounds)
  return percent(gapOf(space.sense, answer.incumbent.value, best))
}

/** The same of the best block behind an ideal scale-out: what is left once the mappings of blocks are known. */
function idealGap({ space, answer: { incumbent } }: Solved): string {
  if (incumbent === null) return "–"
  const expansion = { cutoff: () => incumbent.value, gap: 0, offer: () => undefined, spend: () => undefined, stopped: () => false }
  const bounds = space.blocks.flatMap((_, block) => {
    const node = { kind: "block", block } as const
    const isWorse = isWorseBeyondMargin(space.sense, space.bound(node, 1), incumbent.value)
    return isWorse ? [] : [...space.branch(node, expansion)].map((ideal) => space.bound(ideal, 0))
  })
  return percent(gapOf(space.sense, incumbent.value, bounds.reduce((a, b) => betterOf(space.sense, a, b), incumbent.value)))
}

const percent = (share: number | null): string => (share === null ? "–" : `${(100 * share).toFixed(2)} %`)

const row = (name: string, cells: ReadonlyArray<string | number>): void =>
  console.log(`${name.padEnd(28)}${cells.map((cell) => String(cell).padStart(13)).join("")}`)

const cellsOf = ({ answer, seconds, nearS }: Solved): ReadonlyArray<string | number> => [
  answer.status, percent(answer.gap), seconds.toFixed(2), nearS?.toFixed(2) ?? "–", answer.work.evaluations,
  answer.work.nodes
]

const heads = ["status", "gap", "proven, s", "to 1 %, s", "evaluations", "nodes"]

async function benchScenarios(cases: ReadonlyArray<Case>): Promise<void> {
  row("scenario", [...heads, "root", "arithmetic", "layers", "pipelines", "ideal"])
  for (const one of cases) {
    const solved = await solve(one)
    const levels = [0, 1, 2].map((level) => blockGap(solved, level))
    row(one.name, [...cellsOf(solved), rootGap(solved), ...levels, idealGap(solved)])
  }
}

const everyStatus = ["shipping", "announced", "cloud-only", "restricted", "discontinued"] as const

async function benchGrowth(dense: Case): Promise<void> {
  const { scenario } = dense
  const hardware = selectHardware({ ...scenario, catalog: { ...scenario.catalog, availability: everyStatus } }, catalog, createDropLog())
  const { accelerators } = hardware
  row("\naccelerators of catalogue", heads)
  for (const count of [1, 2, 4, 8, 16, accelerators.length]) {
    const kept = { ...hardware, accelerators: accelerators.slice(0, count) }
    row(`  ${count}`, cellsOf(await solve({ ...dense, hardware: kept })))
  }
  row("\naccelerators in the hall", heads)
  for (const most of [1e3, 1e4, 1e5, 1e6]) {
    const power = { limitMW: 1e5, at: "meter" as const, pue: null }
    const site = { ...scenario.sites[0]!, power, racks: null, accelerators: most }
    const workload = { ...scenario.workload, globalBatch: 16_384 }
    row(`  ${most}`, cellsOf(await solve({ ...dense, scenario: { ...scenario, workload, sites: [site] } })))
  }
  row("\nfree decisions", heads)
  const fixed = { tp: [8], cp: [1], order: ["tp-cp-dp-pp" as const], sequenceParallel: [true], microBatch: [1] }
  const names = Object.keys(fixed) as ReadonlyArray<keyof typeof fixed>
  for (let free = 0; free <= names.length; free++) {
    const stated = Object.fromEntries(names.slice(free).map((name) => [name, fixed[name]]))
    const search = { ...scenario.search, mapping: { ...scenario.search.mapping, ...stated } }
    row(`  ${free} of ${names.length}`, cellsOf(await solve({ ...dense, scenario: { ...scenario, search } })))
  }
}

/** What a heuristic before the tree brings: its limit of evaluations keeps it short. */
async function benchHeuristics(cases: ReadonlyArray<Case>): Promise<void> {
  row("\nbefore the tree", heads)
  const limited = (request: SearchRequest<unknown, Candidate>) =>
    ({ ...request, limits: { ...request.limits, evaluations: 2000 } })
  const heuristics: Readonly<Record<string, Heuristic | null>> = {
    nothing: null,
    genetic: (request) => searchGenomes(limited(request)),
    "genetic, local": async (request) => {
      const { incumbent } = await searchGenomes(limited(request))
      return climb(limited({ ...request, incumbents: incumbent === null ? [] : [incumbent] }))
    }
  }
  for (const one of cases) {
    for (const [name, heuristic] of Object.entries(heuristics)) {
      row(`${one.name.slice(0, 14)}: ${name}`.slice(0, 28), cellsOf(await solve(one, heuristic)))
    }
  }
}

/** Prints the tables; `runs` samples of the short cases, the long ones once. */
export async function benchSearch(runs: number): Promise<void> {
  const cases = readdirSync(folder).filter((file) => file.endsWith(".yaml")).map(shippedCase)
  const named = (name: string) => cases.find((one) => one.name === name)!
  const dense = named("llama3-405b-20mw")
  // compiled code, as in a running planner
  await solve(dense)
  benchCalculon(runs)
  console.log()
  await benchScenarios(cases)
  await benchGrowth(dense)
  await benchHeuristics([dense, named("deepseek-v3-5mw"), named("cheapest-by-deadline")])
}
