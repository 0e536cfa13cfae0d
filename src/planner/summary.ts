/** The parts of a recommendation that describe one built candidate. */
import type {
  FloorSummary, LayoutSummary, PerformanceSummary, ProgrammeSummary, Recommendation, SiteSplit, Split, SplitSide
} from "../../models/design-space/recommendation.ts"
import type { Scenario } from "../../models/design-space/scenario.ts"
import type { BomSide } from "../../models/facility/bill-of-materials.ts"
import { floorPlan } from "../../models/facility/floor-plan.ts"
import { type Built, type BuiltRun, mediaInUse, sideBytes, type SitePlan, splitBytes, switchCounts } from "./built.ts"

const secondsPerDay = 86_400

export function layoutSummary(built: Built): LayoutSummary {
  const { block: { hbd, crossing }, candidate, member: { scaleOut }, step } = built
  const accelerators = candidate.hbds * hbd.size
  const sites = built.sites.map(({ site, hbds, use, stand }) =>
    ({ site, hbds, accelerators: hbds * hbd.size, racks: use.racks, pue: stand.rackClass.pue }))
  const { l1, l2, opticalCircuit } = hbd.switches
  return {
    accelerator: hbd.accelerator.id,
    host: hbd.host.id,
    hbd: {
      size: hbd.size,
      tiers: hbd.tiers,
      topology: hbd.topology,
      dims: hbd.performance.dims,
      switch: hbd.switch?.id ?? hbd.opticalCircuitSwitch?.id ?? null,
      switches: l1 + l2 + opticalCircuit,
      planes: hbd.planes,
      GBpsPerAccelerator: hbd.GBps,
      media: hbd.links.map(({ medium }) => medium.id)
    },
    scaleOut: scaleOut === null ? null : {
      topology: scaleOut.topology,
      tiers: scaleOut.tiers,
      nic: scaleOut.nic.id,
      nicsPerAccelerator: scaleOut.nicsPerAccelerator,
      GbpsPerAccelerator: scaleOut.nicsPerAccelerator * scaleOut.planes * scaleOut.linkGbps,
      switch: scaleOut.switch.id,
      switches: switchCounts(built.sites),
      rails: scaleOut.rails,
      planes: scaleOut.planes,
      oversubscription: scaleOut.oversubscription,
      media: mediaInUse(built.sites).map(({ id }) => id),
      ladders: { endpoint: scaleOut.endpointMedia.map(({ id }) => id), trunk: scaleOut.trunkMedia.map(({ id }) => id) }
    },
    hbds: candidate.hbds,
    accelerators,
    idleAccelerators: accelerators - step.placement.perHbd * step.placement.hbds,
    racks: sites.reduce((sum, site) => sum + site.racks, 0),
    sites,
    links: (crossing?.links ?? []).map(({ link: { between, Gbps, distanceKm }, build, litGbps }) => ({
      between, Gbps, litGbps, distanceKm, medium: build.medium.id, modules: build.modules, router: build.router.id,
      routers: build.routers, lineSystem: build.lineSystem?.id ?? null, lineSystems: build.lineSystems
    }))
  }
}

/** Of every site, but for the racks of its routers to others. */
export function floorSummary({ sites }: Built): ReadonlyArray<FloorSummary> {
  return sites.map(floorOf)
}

function floorOf({ site, stand: { hbd }, hbds, plant, counts }: SitePlan): FloorSummary {
  const plan = floorPlan(plant, hbds, counts)
  const { scaleOut } = plant.design
  const outside = scaleOut === null ? [] : [...scaleOut.endpointMedia, ...scaleOut.trunkMedia]
  const media = [...hbd.links.map(({ medium }) => medium), ...outside]
  return {
    site,
    rows: plan.rows,
    racksPerRow: plan.grid.racksPerRow,
    cables: plan.lengths.map((length) => ({ ...length, reachM: media.find(({ id }) => id === length.medium)!.reachM }))
  }
}

/** Of the first run. */
export function mappingSummary({ runs }: Built): NonNullable<Recommendation["mapping"]> {
  return runMapping(runs[0]!)
}

function runMapping({ mapping, step }: BuiltRun): NonNullable<Recommendation["mapping"]> {
  const { tp, cp, pp, dp } = mapping
  return {
    ...mapping, world: tp * cp * pp * dp, microBatches: step.microBatches, ranksPerHbd: step.placement.perHbd
  }
}

/** Of the first run. */
export function performanceSummary(scenario: Scenario, { runs, candidate, block }: Built): PerformanceSummary {
  const { step, tokensPerS, workload } = runs[0]!
  return {
    stepTimeS: step.stepTimeS,
    tokensPerS,
    tokensPerSPerAccelerator: tokensPerS / (candidate.hbds * block.hbd.size),
    daysToTrain: workload.tokens / tokensPerS / secondsPerDay,
    mfu: step.mfu,
    memory: { ...step.memory, limitGB: (block.hbd.accelerator.memoryGB ?? 0) * (1 - scenario.memoryHeadroom) },
    breakdown: step.breakdown,
    evidence: step.evidence
  }
}

/** All runs one after the other; null with one. */
export function programmeSummary({ runs, tokensPerS }: Built): ProgrammeSummary | null {
  if (runs.length === 1) return null
  return {
    totalDays: runs.reduce((sum, { seconds }) => sum + seconds, 0) / secondsPerDay,
    tokensPerS,
    runs: runs.map((run) => ({
      name: run.workload.name,
      tokens: run.workload.tokens,
      days: run.seconds / secondsPerDay,
      tokensPerS: run.tokensPerS,
      stepTimeS: run.step.stepTimeS,
      mfu: run.step.mfu,
      hbdsInUse: run.step.placement.hbds,
      memoryGB: run.step.memory.totalGB,
      mapping: runMapping(run)
    }))
  }
}

export function splitSummary(built: Built): Split {
  const { step, of } = built
  const { scaleUp, scaleOut } = of.machine
  const bytes = sideBytes(step)
  return {
    scaleUp: sideSummary(built, "scale-up", scaleUp.GBps, bytes.scaleUp),
    scaleOut: sideSummary(built, "scale-out", scaleOut.GBps, bytes.scaleOut),
    scaleAcross: siteSplit(built),
    dimensions: step.traffic.map((dimension) => {
      const sent = splitBytes(step, dimension)
      return {
        dimension: dimension.dimension,
        degree: dimension.degree,
        fabric: dimension.fabric,
        scaleUpBytes: sent.scaleUp,
        scaleOutBytes: sent.scaleOut,
        timeS: wireTime(sent.scaleUp, scaleUp.GBps) + wireTime(sent.scaleOut, scaleOut.GBps),
        exposedS: dimension.exposedS
      }
    })
  }
}

function sideSummary({ bom, step }: Built, side: BomSide, GBps: number, bytesPerStep: number): SplitSide {
  return {
    GBpsPerAccelerator: GBps,
    bytesPerStep,
    timeS: wireTime(bytesPerStep, GBps),
    ...costOf(bom, side),
    utilization: wireTime(bytesPerStep, GBps) / step.stepTimeS
  }
}

function siteSplit({ bom, step: { siteTraffic, stepTimeS }, of: { machine } }: Built): SiteSplit | null {
  if (siteTraffic === null || machine.scaleAcross === null) return null
  const { dimension, bytes, busyS, exposedS } = siteTraffic
  const { GBps } = machine.scaleAcross
  return {
    dimension, GBpsPerLink: GBps, bytesPerStep: bytes, timeS: busyS, exposedS,
    utilization: wireTime(bytes, GBps) / stepTimeS, ...costOf(bom, "scale-across")
  }
}

function costOf(bom: Built["bom"], side: BomSide): { readonly powerW: number; readonly capexUsd: number } {
  const lines = bom.filter((line) => line.side === side)
  return {
    powerW: lines.reduce((sum, line) => sum + line.count * line.powerMaxW, 0),
    capexUsd: lines.reduce((sum, line) => sum + line.count * line.priceUsd, 0)
  }
}

/** Seconds of bytes at the fabric's nominal bandwidth. */
function wireTime(bytes: number, GBps: number): number {
  return bytes === 0 ? 0 : bytes / (GBps * 1e9)
}
