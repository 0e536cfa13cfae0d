/** The sections of a report that describe the plan: what is built, how the model lies on it, where time goes. */
import type { LinkSummary, Recommendation, SiteSplit } from "../../models/design-space/recommendation.ts"
import { bar, cut, formatNumber, formatPercent, formatQuantity, formatSeconds, wrap } from "./format.ts"

/** Width of a report in characters. */
export const width = 80
const labelWidth = 16

/** `label` in its column, the text beside it, wrapped under itself. */
export const labelled = (label: string, text: string): ReadonlyArray<string> => {
  const indent = " ".repeat(labelWidth)
  return wrap(text, width - labelWidth).map((line, i) => (i === 0 ? `  ${label}`.padEnd(labelWidth) : indent) + line)
}

export const plural = (count: number, noun: string): string => `${formatNumber(count)} ${noun}${count === 1 ? "" : "s"}`

const list = (values: ReadonlyArray<string>): string => values.length === 0 ? "none" : values.join(", ")

export const layoutSection = ({ layout, floor }: Recommendation): ReadonlyArray<string> => {
  if (layout === null) return []
  const { hbd, scaleOut } = layout
  const idle = layout.idleAccelerators === 0 ? "" : `, ${formatNumber(layout.idleAccelerators)} idle`
  const count = formatNumber(layout.accelerators)
  const shape = hbd.dims.length > 1 ? ` ${hbd.dims.join(" × ")}` : ""
  const scaleUp = `${hbd.topology}${shape}, ${hbd.size} per HBD at ${formatNumber(hbd.GBpsPerAccelerator)} GB/s each, ` +
    (hbd.switch === null ? "direct links" : `${hbd.switches} × ${hbd.switch}`) + `; ${list(hbd.media)}`
  return [
    ...labelled("accelerators", `${count} × ${layout.accelerator} in ${layout.host}${idle}`),
    ...labelled("scale-up", scaleUp),
    ...labelled("scale-out", scaleOut === null ? "none: a single HBD" : describeScaleOut(scaleOut)),
    ...labelled("sites", layout.sites.map((site) =>
      `${site.site}: ${plural(site.hbds, "HBD")}, ${plural(site.racks, "rack")}${rowsOf(floor, site.site)}, ` +
        `PUE ${formatNumber(site.pue)}`).join("; ")),
    ...layout.links.flatMap((link, i) => labelled(i === 0 ? "scale-across" : "", describeLink(link))),
    ...(floor.length === 0 ? [] : labelled("cables", list(cablesOf(floor))))
  ]
}

const describeLink = ({
  between: [from, to], litGbps, Gbps, distanceKm, medium, modules, router, routers
}: LinkSummary): string =>
  `${from} – ${to}: ${litGbps < Gbps ? `${formatNumber(litGbps / 1000)} of ` : ""}${formatNumber(Gbps / 1000)} Tb/s ` +
  `over ${formatNumber(distanceKm)} km; ${formatNumber(modules)} × ${medium} ` +
  `on ${formatNumber(routers)} × ${router} at each end`

const rowsOf = (floor: Recommendation["floor"], site: string): string => {
  const plan = floor.find((one) => one.site === site)
  return plan === undefined ? "" : ` in ${plural(plan.rows, "row")}`
}

/** By medium, of all sites. */
const cablesOf = (floor: Recommendation["floor"]): ReadonlyArray<string> => {
  const all = floor.flatMap(({ cables }) => cables)
  return [...new Set(all.map(({ medium }) => medium))].map((medium) => {
    const runs = all.filter((one) => one.medium === medium)
    const totalM = runs.reduce((sum, one) => sum + one.totalM, 0)
    return `${formatNumber(totalM / 1000)} km of ${medium} to ${formatNumber(Math.max(...runs.map((one) => one.longestM)))} m`
  })
}

const describeScaleOut = (scaleOut: NonNullable<NonNullable<Recommendation["layout"]>["scaleOut"]>): string => {
  const { leaf, spine, core } = scaleOut.switches
  const levels = ([[leaf, "leaf"], [spine, "spine"], [core, "core"]] as const).filter(([count]) => count > 0)
  const steep = scaleOut.oversubscription.filter((ratio) => ratio > 1)
  return [
    `${scaleOut.topology}, ${plural(scaleOut.tiers, "tier")}`,
    `${scaleOut.nicsPerAccelerator} × ${scaleOut.nic} = ${formatNumber(scaleOut.GbpsPerAccelerator)} Gb/s each`,
    `${scaleOut.switch}: ${levels.map(([count, name]) => `${formatNumber(count)} ${name}`).join(", ")}`,
    `${plural(scaleOut.rails, "rail")}, ${plural(scaleOut.planes, "plane")}`,
    steep.length === 0 ? "full bisection" : `oversubscription ${scaleOut.oversubscription.join(" and ")} : 1`,
    list(scaleOut.media)
  ].join("; ")
}

export const mappingSection = ({ mapping, performance }: Recommendation): ReadonlyArray<string> => {
  if (mapping === null) return []
  const { stage, group } = mapping.sharding
  const degrees = (["tp", "cp", "ep", "etp", "pp", "vpp", "dp"] as const)
    .filter((key) => mapping[key] > 1 || key === "tp" || key === "pp" || key === "dp")
    .map((key) => `${key.toUpperCase()} ${formatNumber(mapping[key])}`)
  const options = [
    `micro-batch ${mapping.microBatch} × ${formatNumber(mapping.microBatches)}`,
    ...(mapping.sequenceParallel ? ["sequence parallel"] : []),
    `${mapping.recompute === "none" ? "no" : mapping.recompute} recompute`,
    stage === 0 ? "no sharding" : `ZeRO-${stage} over ${group === "all" ? "all replicas" : "each HBD"}`,
    ...(mapping.offload === "none" ? [] : [`${mapping.offload} in host memory`])
  ]
  return [
    ...labelled("degrees", `${degrees.join(", ")} (${mapping.order.replaceAll("-", " → ")})`),
    ...labelled("schedule", options.join(", ")),
    ...(performance === null ? [] : labelled("memory", describeMemory(performance.memory)))
  ]
}

const describeMemory = (memory: NonNullable<Recommendation["performance"]>["memory"]): string => {
  const parts = [
    ["parameters", memory.parametersGB], ["gradients", memory.gradientsGB], ["optimiser", memory.optimizerGB],
    ["activations", memory.activationsGB], ["buffers", memory.buffersGB]
  ] as const
  const shown = parts.filter(([, size]) => size > 0).map(([name, size]) => `${name} ${formatNumber(size)}`)
  return `${formatNumber(memory.totalGB)} of ${formatNumber(memory.limitGB)} GB: ${shown.join(", ")}`
}

const mostCauses = 7

/** The step from peak to achieved: the largest losses, the rest in one line. */
export const timeSection = ({ performance }: Recommendation): ReadonlyArray<string> => {
  if (performance === null) return []
  const causes = performance.breakdown.filter((cause) => cause.timeS > 0).toSorted((a, b) => b.timeS - a.timeS)
  const kept = causes.length <= mostCauses ? causes : causes.slice(0, mostCauses - 1)
  const rest = causes.slice(kept.length).reduce((sum, cause) => sum + cause.timeS, 0)
  const rows = rest > 0 ? [...kept, { name: `${causes.length - kept.length} others`, timeS: rest }] : kept
  return rows.map(({ name, timeS }) => {
    const share = timeS / performance.stepTimeS
    const figures = formatPercent(share).padStart(8) + formatSeconds(timeS).padStart(10)
    return `  ${cut(name, 30).padEnd(30)} ${bar(share, 26)}${figures}`
  })
}

/** What crosses between sites, and what of the step waits for it. */
const acrossSites = (split: SiteSplit | null): ReadonlyArray<string> =>
  split === null ? [] : labelled("scale-across", [
    `${split.dimension.toUpperCase()}: ${formatQuantity(split.bytesPerStep, "B")} a step over a link`,
    `${formatNumber(split.GBpsPerLink)} GB/s, ${formatPercent(split.utilization)} used, ` +
      `${formatSeconds(split.exposedS)} of the step`,
    formatQuantity(split.powerW, "W"),
    formatQuantity(split.capexUsd, "USD")
  ].join("; "))

/** What each fabric carries and costs. */
export const splitSection = ({ split }: Recommendation): ReadonlyArray<string> => {
  if (split === null) return []
  const side = (name: "scaleUp" | "scaleOut", label: string) => {
    const { GBpsPerAccelerator, bytesPerStep, utilization, powerW, capexUsd } = split[name]
    const dimensions = split.dimensions
      .filter((dimension) => (name === "scaleUp" ? dimension.scaleUpBytes : dimension.scaleOutBytes) > 0)
      .map((dimension) => dimension.dimension.toUpperCase())
    return labelled(label, [
      `${list(dimensions)}: ${formatQuantity(bytesPerStep, "B")} a step each`,
      `${formatNumber(GBpsPerAccelerator)} GB/s, ${formatPercent(utilization)} used`,
      formatQuantity(powerW, "W"),
      formatQuantity(capexUsd, "USD")
    ].join("; "))
  }
  return [...side("scaleUp", "scale-up"), ...side("scaleOut", "scale-out"), ...acrossSites(split.scaleAcross)]
}
