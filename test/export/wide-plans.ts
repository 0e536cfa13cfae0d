/** Small plans of other kinds than a hall with a Clos: several sites, planes, groups, meshes, workloads, idle nodes. */
import { Result } from "effect"
import { parse } from "yaml"
import { type ExportSource, exportSource } from "../../src/export/export-source.ts"
import { evaluate } from "../../src/planner/planner.ts"
import { decodeScenario } from "../../src/scenario/decode.ts"
import { shipped } from "../catalog/shipped-catalog.ts"

const step = "sequenceParallel: true, recompute: selective, shardingStage: 1, shardingGroup: all, offload: none, vpp: 1"

/** Names alike but for case and hyphens, and one without a letter of ASCII; every two joined; NICs split over two planes. */
const threeSites = `
name: three sites
workload: { model: llama3-8b, precision: bf16, globalBatch: 960 }
sites:
  - { name: Hall 1, power: { limitMW: 0.3, at: it }, cooling: [{ class: air }] }
  - { name: hall-1, power: { limitMW: 0.25, at: it }, cooling: [{ class: air }] }
  - { name: 東京, power: { limitMW: 0.25, at: it }, cooling: [{ class: air }] }
links:
  - { between: [Hall 1, hall-1], Gbps: 3200, distanceKm: 10 }
  - { between: [Hall 1, 東京], Gbps: 1600, distanceKm: 60 }
  - { between: [hall-1, 東京], Gbps: 1600, distanceKm: 60 }
search:
  { accelerator: h100-sxm, host: dgx-h100, hbdSize: 8, scaleUpTopology: switched-1, nic: cx7-400, nicsPerAccelerator: 1,
    scaleOutTopology: clos, scaleOutSwitch: qm9700, scaleOutTiers: 2, planes: 2, oversubscription: 1, sites: 3,
    mapping: { tp: 8, cp: 1, pp: 1, microBatch: 1, order: tp-cp-dp-pp, ${step} } }
`

/** Domains of several nodes, stages over the sites, accelerators and domains that stay idle. */
const idleAcross = `
name: idle across
workload: { model: llama3-8b, precision: bf16, globalBatch: 96 }
sites:
  - { name: a, power: { limitMW: 0.5, at: it }, cooling: [{ class: liquid-250 }] }
  - { name: b, power: { limitMW: 0.8, at: it }, cooling: [{ class: liquid-250 }] }
links: [{ between: [a, b], Gbps: 3200, distanceKm: 40 }]
search:
  { accelerator: gb200, host: gb200-tray, hbdSize: 72, hbds: 7, nic: cx7-400, nicsPerAccelerator: 1, scaleOutTopology: clos,
    scaleOutSwitch: qm9700, scaleOutTiers: 2, planes: 1, oversubscription: 1, sites: 2,
    mapping: { tp: 8, cp: 1, pp: 2, dp: 24, microBatch: 1, order: tp-cp-dp-pp, ${step} } }
`

const dragonfly = `
name: dragonfly
workload: { model: mixtral-8x7b, precision: bf16, globalBatch: 1000, sequence: 4096, tokens: 1.0e+12 }
sites: [{ name: Hall 1, power: { limitMW: 2, at: it }, cooling: [{ class: air }] }]
search:
  { accelerator: h100-sxm, host: dgx-h100, hbdSize: 8, scaleUpTopology: switched-1, nic: cx7-400, nicsPerAccelerator: 1,
    scaleOutTopology: dragonfly, scaleOutSwitch: qm9700, planes: 1,
    mapping: { tp: 2, cp: 1, ep: 8, etp: 1, pp: 2, microBatch: 1, order: tp-cp-dp-pp, ${step} } }
`

const mesh = `
name: mesh
workload: { model: mixtral-8x7b, precision: bf16, globalBatch: 1024, sequence: 4096, tokens: 1.0e+12 }
sites: [{ name: hall, power: { limitMW: 1, at: meter }, cooling: [{ class: direct-liquid }] }]
catalog: { availability: [shipping, announced, restricted] }
search:
  { accelerator: ascend-950dt, host: atlas-950-node, hbdSize: 64, scaleUpTopology: nd-full-mesh, nic: ascend-950-uboe,
    nicsPerAccelerator: 1, scaleOutTopology: clos, scaleOutSwitch: huawei-ce9866-128dq, scaleOutTiers: 2, planes: 1,
    oversubscription: 1, hbds: 8,
    mapping: { tp: 4, cp: 1, ep: 8, etp: 1, pp: 2, microBatch: 1, order: tp-cp-dp-pp, ${step} } }
`

const programme = `
name: programme
workloads:
  - { name: dense, model: llama3-8b, precision: bf16, globalBatch: 512, tokens: 1.0e+12 }
  - { name: experts, model: mixtral-8x7b, precision: bf16, globalBatch: 512, sequence: 4096, tokens: 1.0e+12 }
sites: [{ name: hall, power: { limitMW: 0.7, at: it }, cooling: [{ class: liquid-250 }] }]
search:
  { accelerator: gb200, host: gb200-tray, hbdSize: 72, nic: cx7-400, nicsPerAccelerator: 1, scaleOutTopology: rail-only,
    scaleOutSwitch: qm9700, scaleOutTiers: 1, planes: 2, oversubscription: 1,
    mapping: { tp: 4, cp: 1, ep: [1, 8], etp: 1, pp: 1, microBatch: 1, order: tp-cp-dp-pp, ${step} } }
`

async function planOf(text: string): Promise<ExportSource> {
  const recommendation = await evaluate(Result.getOrThrow(decodeScenario(parse(text), shipped)), shipped)
  const source = exportSource(recommendation, shipped)
  if ("found" in source) throw new Error(`${recommendation.scenario.name}: ${source.found}`)
  return source
}

export const sitesPlan = await planOf(threeSites)
export const idlePlan = await planOf(idleAcross)
export const dragonflyPlan = await planOf(dragonfly)
export const meshPlan = await planOf(mesh)
export const programmePlan = await planOf(programme)
export const widePlans = [sitesPlan, idlePlan, dragonflyPlan, meshPlan, programmePlan] as const
