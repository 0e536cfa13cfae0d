/** Plans of the shipped catalogue that the exports are tested on: small, and of two kinds. */
import { Result } from "effect"
import { parse } from "yaml"
import type { Recommendation } from "../../models/design-space/recommendation.ts"
import { type Exported, type ExportSource, exportSource } from "../../src/export/export-source.ts"
import type { ExportTarget } from "../../src/export/target-names.ts"
import { exportPlan } from "../../src/export/targets.ts"
import { evaluate } from "../../src/planner/planner.ts"
import { decodeScenario } from "../../src/scenario/decode.ts"
import { shipped } from "../catalog/shipped-catalog.ts"

const mapping = `
    { sequenceParallel: true, recompute: selective, shardingStage: 1, shardingGroup: all, offload: none,
      order: tp-cp-dp-pp }`

/** Single nodes as HBDs, rail-optimised, two groups of leaves. */
const dense = `
name: dense hall
workload: { model: llama3-8b, precision: bf16, globalBatch: 1000 }
sites: [{ name: Hall 1, power: { limitMW: 0.7, at: it }, cooling: [{ class: air }] }]
search:
  { accelerator: h100-sxm, host: dgx-h100, hbdSize: 8, scaleUpTopology: switched-1, nic: cx7-400,
    nicsPerAccelerator: 1, scaleOutTopology: clos, scaleOutSwitch: qm9700, scaleOutTiers: 2, railOptimized: true,
    planes: 1, oversubscription: 1,
    mapping: ${mapping} }
`

/** Three tiers of switches, so that leaves stand in pods. */
const tall = dense.replace("dense hall", "tall hall").replace("limitMW: 0.7", "limitMW: 3")
  .replace("scaleOutTiers: 2", "scaleOutTiers: 3, hbds: 160").replace("globalBatch: 1000", "globalBatch: 2560")

/** Racks as HBDs, experts, spare hosts, oversubscribed. */
const experts = `
name: racks of experts
workload: { model: mixtral-8x7b, precision: fp8, globalBatch: 1024, sequence: 4096, tokens: 1.0e+12 }
sites: [{ name: north, power: { limitMW: 0.6, at: it }, cooling: [{ class: liquid-250 }] }]
allowances: { spareShare: 0.02 }
search:
  { accelerator: gb200, host: gb200-tray, hbdSize: 64, nic: cx7-400, scaleOutTopology: clos, scaleOutSwitch: qm9700,
    scaleOutTiers: 2, railOptimized: true, planes: 1, oversubscription: 2,
    mapping: ${mapping} }
`

const evaluateText = async (text: string): Promise<Recommendation> =>
  evaluate(Result.getOrThrow(decodeScenario(parse(text), shipped)), shipped)

const sourceOf = (recommendation: Recommendation): ExportSource => {
  const source = exportSource(recommendation, shipped)
  if ("found" in source) throw new Error(`${recommendation.scenario.name}: ${source.found}`)
  return source
}

export const densePlan = sourceOf(await evaluateText(dense))
export const expertPlan = sourceOf(await evaluateText(experts))
export const plans = [densePlan, expertPlan] as const

export const makeTallPlan = async (): Promise<ExportSource> => sourceOf(await evaluateText(tall))

export const filesOf = async (target: ExportTarget, source: ExportSource): Promise<Record<string, string>> =>
  (await exportPlan(target, source) as Exported).files as Record<string, string>
