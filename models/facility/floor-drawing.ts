/** Draws a floor plan as SVG: racks to scale, seen from above, coloured by what they hold. */
import type { FloorPlan, PlacedRack } from "./floor-plan.ts"
import { RACK_WIDTH_M } from "./floor-grid.ts"
import type { RackKind } from "./rack-plan.ts"

const PIXELS_PER_M = 18
const RACK_DEPTH_M = 1.2
const MARGIN = 24
const HEAD = 64

const colours: Readonly<Record<RackKind, readonly [string, string]>> = {
  compute: ["#1f6feb", "#79a8f2"],
  leaf: ["#1a7f37", "#1a7f37"],
  upper: ["#9a6700", "#9a6700"],
  spare: ["#8c959f", "#8c959f"],
  service: ["#bf3989", "#bf3989"]
}

const names: Readonly<Record<RackKind, string>> = {
  compute: "compute", leaf: "leaf switches", upper: "spine and core switches", spare: "spare hosts",
  service: "storage, front end, management"
}

const style = `<style>
text { font: 13px sans-serif; fill: #24292f } .small { font-size: 11px; fill: #57606a } rect.rack { stroke: #ffffff }
</style>`

/** SVG text of a plan; `title` is XML, its text escaped. Neighbouring HBDs that take several racks alternate in shade. */
export function drawFloorPlan(plan: FloorPlan, title: string): string {
  const rowM = plan.grid.racksPerRow * RACK_WIDTH_M
  const width = Math.max(rowM * PIXELS_PER_M + 2 * MARGIN, 720)
  const height = HEAD + ((plan.rows - 1) * plan.grid.rowPitchM + RACK_DEPTH_M) * PIXELS_PER_M + 2 * MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" role="img">`,
    `<title>${title}</title>`, style, `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${MARGIN}" y="22">${title}</text>`, ...drawLegend(plan), ...drawRacks(plan),
    `<text class="small" x="${MARGIN}" y="${round(height - 8)}">${describe(plan, rowM)}</text>`, "</svg>"
  ].join("\n") + "\n"
}

function drawLegend({ racks }: FloorPlan): ReadonlyArray<string> {
  let x = MARGIN
  return (Object.keys(names) as ReadonlyArray<RackKind>).flatMap((kind) => {
    const count = racks.filter((rack) => rack.kind === kind).length
    if (count === 0) return []
    const label = `${count} ${names[kind]}`
    const at = x
    x += 32 + label.length * 6
    return [
      `<rect x="${at}" y="34" width="12" height="12" fill="${colours[kind][0]}"/>`,
      `<text class="small" x="${at + 17}" y="44">${label}</text>`
    ]
  })
}

function drawRacks({ racks }: FloorPlan): ReadonlyArray<string> {
  let shade = 0
  return racks.map((rack, i) => {
    const before = racks[i - 1]
    if (rack.kind === "compute" && before !== undefined && rack.number !== before.number) shade = 1 - shade
    return drawRack(rack, shade)
  })
}

function drawRack({ kind, xM, yM }: PlacedRack, shade: number): string {
  const x = MARGIN + xM * PIXELS_PER_M
  const y = HEAD + MARGIN / 2 + yM * PIXELS_PER_M
  const size = `width="${round(RACK_WIDTH_M * PIXELS_PER_M)}" height="${round(RACK_DEPTH_M * PIXELS_PER_M)}"`
  const colour = colours[kind][kind === "compute" ? shade : 0]
  return `<rect class="rack" x="${round(x)}" y="${round(y)}" ${size} fill="${colour}"/>`
}

function describe({ rows, racks, grid, longest }: FloorPlan, rowM: number): string {
  const metres = (length: number) => `${Math.ceil(length)} m`
  const cables = [
    longest.scaleUpM > 0 ? `scale-up ${metres(longest.scaleUpM)}` : "",
    longest.endpointM > 0 ? `NIC to leaf ${metres(longest.endpointM)}` : "",
    longest.trunkM > 0 ? `between switches ${metres(longest.trunkM)}` : ""
  ].filter((text) => text !== "")
  return `${racks.length} racks in ${rows} rows of ${round(rowM)} m, ${round(grid.rowPitchM)} m apart; ` +
    `longest cables: ${cables.join(", ")}`
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}
