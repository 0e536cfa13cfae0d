/** A candidate worked out: everything about it that an answer tells. */
import type { LayoutSpace } from "../../models/design-space/layout-space.ts"
import type { Candidate, Judged } from "../../models/design-space/layout-tree.ts"
import { allowanceRanges, commonRange } from "../../models/design-space/price-ends.ts"
import { mappingsOf, type ProgrammeSpace } from "../../models/design-space/programme-space.ts"
import type { Workload } from "../../models/design-space/scenario.ts"
import type { ClassMember, ClassUse, FabricClass } from "../../models/design-space/fabric-class.ts"
import { memberFabric } from "../../models/design-space/fabric-class.ts"
import type { HbdBlock, HbdStand } from "../../models/design-space/blocks.ts"
import type { ScaleOutDesign } from "../../models/design-space/layout.ts"
import type { FabricSize, SwitchedSize } from "../../models/fabric/fabric.ts"
import { type BomLine, billOfMaterials } from "../../models/facility/bill-of-materials.ts"
import { countCables } from "../../models/facility/cable-counts.ts"
import type { Gateway } from "../../models/facility/gateway.ts"
import { type Plant, type ScaleOutCounts, scaleOutCounts } from "../../models/facility/plant.ts"
import { averagePower, type PlantLoad } from "../../models/facility/power-chain.ts"
import type { SiteUse } from "../../models/facility/resource-use.ts"
import { money } from "../../models/facility/money.ts"
import type { Interconnect } from "../../models/hardware/interconnect.ts"
import type { MoneySummary } from "../../models/design-space/recommendation.ts"
import { explainStep, type StepExplanation } from "../../models/performance/explanation.ts"
import type { Mapping } from "../../models/performance/mapping.ts"
import { uniqueSlugs } from "../identity/slugs.ts"

/** What stands at one site. */
export interface SitePlan {
  readonly site: string
  /** what names of its hosts, switches and racks begin with: no other site of the scenario has it */
  readonly slug: string
  readonly stand: HbdStand
  readonly hbds: number
  readonly plant: Plant
  /** null: a single HBD */
  readonly scaleOut: ScaleOutDesign | null
  readonly fabric: FabricSize | null
  readonly counts: ScaleOutCounts | null
  /** what joins it to the other sites; null on one site */
  readonly gateway: Gateway | null
  readonly use: SiteUse
}

/** One workload on the layout. */
export interface BuiltRun {
  readonly workload: Workload
  readonly mapping: Mapping
  readonly step: StepExplanation
  /** while it runs */
  readonly tokensPerS: number
  readonly seconds: number
}

export interface Built {
  readonly candidate: Candidate
  /** of all runs together */
  readonly judged: Judged
  readonly block: HbdBlock
  readonly of: FabricClass
  readonly member: ClassMember
  /** what stands at each site of the layout */
  readonly sites: ReadonlyArray<SitePlan>
  readonly bom: ReadonlyArray<BomLine>
  /** every workload, in the scenario's order */
  readonly runs: ReadonlyArray<BuiltRun>
  /** of the first run */
  readonly step: StepExplanation
  /** of all runs: their tokens over their time */
  readonly tokensPerS: number
  readonly money: MoneySummary
}

/** `space`: of the first workload. `programme`: null with one. */
export function buildCandidate(
  { space, programme }: { readonly space: LayoutSpace; readonly programme: ProgrammeSpace | null }, candidate: Candidate
): Built {
  const judged = (programme ?? space).judge(candidate)
  if (judged === null) throw new Error("the search's answer does not hold when it is judged again")
  const block = space.blocks[candidate.block]!
  const of = space.classOf(candidate)
  const member = of.members[judged.classUse.member]!
  const ranges = allowanceRanges(space.scenario)
  const sites = block.stands.map((_, i) => sitePlan(space, block, member, judged.classUse, i))
  const bom = sites.flatMap(({ site, plant, hbds, counts, gateway }) =>
    [...billOfMaterials(plant, site, hbds, counts, ranges), ...(gateway?.lines ?? [])])
  const spaces = programme === null ? [space] : programme.runs.map((run) => run.space)
  const runs = mappingsOf(candidate).map((mapping, i) => buildRun(spaces[i]!, of, mapping))
  const { allowances, economics } = space.scenario
  const powers = runs.map(({ step }) => averagePower(bom, loadOf(step, of), allowances).meterW)
  const tokensPerS = rateOf(runs)
  return {
    candidate, judged, block, of, member, sites, bom, runs, step: runs[0]!.step, tokensPerS,
    money: money(bom, averageOver(runs, powers), economics, tokensPerS, {
      electricityUsdPerKWh: commonRange(space.scenario, "electricityUsdPerKWh"),
      maintenanceShare: commonRange(space.scenario, "maintenanceShare")
    })
  }
}

function buildRun({ scenario: { workload }, machines }: LayoutSpace, of: FabricClass, mapping: Mapping): BuiltRun {
  const step = explainStep(workload, of.machine, mapping, machines.constants(of.machine))
  const tokensPerS = workload.globalBatch * workload.sequence / step.stepTimeS
  return { workload, mapping, step, tokensPerS, seconds: workload.tokens / tokensPerS }
}

function rateOf(runs: ReadonlyArray<BuiltRun>): number {
  const [first, ...others] = runs
  if (others.length === 0) return first!.tokensPerS
  const sum = (of: (run: BuiltRun) => number) => runs.reduce((total, run) => total + of(run), 0)
  return sum(({ workload }) => workload.tokens) / sum(({ seconds }) => seconds)
}

/** Weighted by the time of the runs. */
function averageOver(runs: ReadonlyArray<BuiltRun>, values: ReadonlyArray<number>): number {
  const [first, ...others] = values
  if (others.length === 0) return first!
  return runs.reduce((sum, { seconds }, i) => sum + seconds * values[i]!, 0) / runs.reduce((sum, { seconds }) => sum + seconds, 0)
}

function sitePlan(
  { scenario }: LayoutSpace, { hbd, stands, crossing }: HbdBlock, member: ClassMember, { placement, uses }: ClassUse, i: number
): SitePlan {
  const stand = stands[i]!
  const hbds = placement[i]!
  const fabric = memberFabric(hbd, member, hbds)
  const names = scenario.sites.map(({ name }) => name)
  return {
    site: names[stand.site]!, slug: uniqueSlugs(names, "site")[stand.site]!, stand, hbds, plant: member.stands[i]!.plant,
    scaleOut: member.scaleOut, fabric, counts: fabric === null ? null : scaleOutCounts(fabric),
    gateway: crossing?.gateways[i] ?? null, use: uses[i]!
  }
}

/** Accelerators are busy while they compute; fabrics as their bytes fill the step. */
function loadOf(step: StepExplanation, of: FabricClass): PlantLoad {
  const { scaleUp, scaleOut } = of.machine
  const bytes = sideBytes(step)
  const share = (sent: number, GBps: number) => (GBps === 0 ? 0 : Math.min(1, sent / (GBps * 1e9 * step.stepTimeS)))
  const exposedS = step.traffic.reduce((sum, { exposedS }) => sum + exposedS, 0)
  return {
    accelerator: Math.max(0, 1 - exposedS / step.stepTimeS),
    scaleUp: share(bytes.scaleUp, scaleUp.GBps),
    scaleOut: share(bytes.scaleOut, scaleOut.GBps)
  }
}

/** Bytes of one accelerator and step by the fabric they cross. */
export function sideBytes(step: StepExplanation): { readonly scaleUp: number; readonly scaleOut: number } {
  return step.traffic.map((dimension) => splitBytes(step, dimension)).reduce(
    (sum, one) => ({ scaleUp: sum.scaleUp + one.scaleUp, scaleOut: sum.scaleOut + one.scaleOut }),
    { scaleUp: 0, scaleOut: 0 }
  )
}

/**
 * A group on both fabrics works hierarchically: of i ranks inside and o across, (i − 1)/i of the volume stays inside and 1/i of
 * it crosses, (o − 1)/o of that.
 */
export function splitBytes(step: StepExplanation, { dimension, fabric, bytes }: StepExplanation["traffic"][number]) {
  if (fabric === "scale-up") return { scaleUp: bytes, scaleOut: 0 }
  if (fabric === "scale-out") return { scaleUp: 0, scaleOut: bytes }
  const { placement } = step
  const groups = { tp: placement.tensor, cp: placement.context, ep: placement.expert, dp: placement.data, pp: placement.data }
  const { inside, outside } = groups[dimension]
  const up = (inside - 1) / inside
  const out = (outside - 1) / outside / inside
  return up + out === 0
    ? { scaleUp: 0, scaleOut: 0 }
    : { scaleUp: bytes * up / (up + out), scaleOut: bytes * out / (up + out) }
}

/** Scale-out media that a cable of some site is of. */
export function mediaInUse(sites: Built["sites"]): ReadonlyArray<Interconnect> {
  const used = sites.flatMap(({ plant, hbds, counts, scaleOut }) => {
    if (scaleOut === null) return []
    const { endpointCable, trunkCable } = countCables(plant, hbds, counts)
    const laid = (cables: ReadonlyArray<number>) => (_: Interconnect, rung: number) => (cables[rung] ?? 0) > 0
    return [...scaleOut.endpointMedia.filter(laid(endpointCable)), ...scaleOut.trunkMedia.filter(laid(trunkCable))]
  })
  return [...new Set(used)]
}

/** Scale-out switches of all sites by tier; routers of a direct topology count as leaves. */
export function switchCounts(sites: Built["sites"]): SwitchedSize["switches"] {
  const sum = { leaf: 0, spine: 0, core: 0, total: 0 }
  for (const { counts } of sites) {
    if (counts === null) continue
    sum.leaf += counts.leaf
    sum.spine += counts.spine
    sum.core += counts.core
  }
  return { ...sum, total: sum.leaf + sum.spine + sum.core }
}
