/**
 * Draws a fabric as SVG: small ones link by link as they are wired, large ones as one box a tier with its
 * counts.
 */
import type { DirectSize, FabricSize, FabricSpec } from "../../models/fabric/fabric.ts"
import type { Wiring } from "../../models/fabric/wiring.ts"
import { wireFabric } from "../../models/fabric/wiring.ts"

interface Point {
  readonly x: number
  readonly y: number
}

const width = 960
const margin = 40
const rowHeight = 120
/** beyond this a drawing of every link is a grey square */
const mostNodes = 260

const colours = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#bf3989", "#0a7ea4", "#57606a"] as const

const style = `<style>
text { font: 13px sans-serif; fill: #24292f } .small { font-size: 11px; fill: #57606a }
.link { fill: none; stroke-width: 1; opacity: 0.55 } .node { stroke: #24292f; stroke-width: 0.8; fill: #ffffff }
</style>`

const round = (value: number): string => String(Math.round(value * 10) / 10)
const count = (n: number): string => n.toLocaleString("en-US")

const page = (height: number, title: string, parts: ReadonlyArray<string>): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(height)}" role="img">`,
    `<title>${title}</title>`, style, `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${margin}" y="24">${title}</text>`, ...parts, "</svg>"
  ].join("\n") + "\n"

const titleOf = (spec: FabricSpec, size: FabricSize): string => {
  const details = [
    size.kind === "switched" && size.topology !== "single" ? `${size.tiers} tiers` : "",
    size.kind === "direct" ? size.design.dims.join(" × ") : "",
    spec.rails > 1 ? `${spec.rails} rails` : "",
    spec.planes > 1 ? `${spec.planes} planes` : "",
    spec.homes > 1 ? `${spec.homes} leaves an endpoint` : ""
  ].filter((detail) => detail !== "")
  return [`${size.topology}: ${count(size.endpoints)} endpoints`, ...details].join(", ")
}

/** SVG text of a fabric that was sized from the spec. */
export const drawFabric = (spec: FabricSpec, size: FabricSize): string => {
  const nodes = size.endpoints + size.switches.total
  if (nodes > mostNodes) return drawTiers(spec, size)
  const wiring = wireFabric(spec, size)
  return size.kind === "switched" ? drawClos(spec, size, wiring) : drawDirect(spec, size, wiring)
}

const amongRouters = ({ links }: DirectSize): string =>
  `${count(links.local)} local and ${count(links.global)} global links`

/** One box a tier, its links beside the line to the next. */
const drawTiers = (spec: FabricSpec, size: FabricSize): string => {
  const levels = size.kind === "switched"
    ? [
      ["core", size.switches.core, size.links.spineCore], ["spine", size.switches.spine, size.links.leafSpine],
      ["leaf", size.switches.leaf, size.links.endpointLeaf]
    ] as const
    : [["router", size.switches.total, size.links.endpointRouter]] as const
  const present = levels.filter(([, switches]) => switches > 0)
  const middle = width / 2
  const boxes = present.map(([name, switches, links], i) => {
    const y = 60 + i * rowHeight
    const half = 90 + 60 * i
    return `<rect class="node" x="${middle - half}" y="${y}" width="${2 * half}" height="40" rx="5"/>
<text x="${middle}" y="${y + 25}" text-anchor="middle">${count(switches)} ${name} switches</text>
<line x1="${middle}" y1="${y + 40}" x2="${middle}" y2="${y + rowHeight}" stroke="${colours[i]}" stroke-width="6"/>
<text class="small" x="${middle + 12}" y="${y + 82}">${count(links)} links</text>`
  })
  const inside = size.kind === "direct"
    ? [`<text class="small" x="${middle + 170}" y="85">${amongRouters(size)}</text>`]
    : []
  const y = 60 + present.length * rowHeight
  const endpoints = `<text x="${middle}" y="${y + 20}" text-anchor="middle">${count(size.endpoints)} endpoints</text>`
  return page(y + 50, titleOf(spec, size), [...boxes, ...inside, endpoints])
}

const line = (a: Point, b: Point, colour: string): string =>
  `<line class="link" x1="${round(a.x)}" y1="${round(a.y)}" x2="${round(b.x)}" y2="${round(b.y)}" stroke="${colour}"/>`

const arc = (a: Point, b: Point, bulge: number, colour: string): string => {
  const control = { x: (a.x + b.x) / 2 + (b.y - a.y) * bulge, y: (a.y + b.y) / 2 - (b.x - a.x) * bulge }
  return `<path class="link" d="M${round(a.x)} ${round(a.y)} Q${round(control.x)} ${round(control.y)} ` +
    `${round(b.x)} ${round(b.y)}" stroke="${colour}"/>`
}

const box = ({ x, y }: Point, tier: number): string =>
  tier === 0
    ? `<circle class="node" cx="${round(x)}" cy="${round(y)}" r="3"/>`
    : `<rect class="node" x="${round(x - 9)}" y="${round(y - 7)}" width="18" height="14" rx="2"/>`

/** Rows of a tier each, cores on top; endpoint links in the colour of their rail. */
const drawClos = (spec: FabricSpec, size: FabricSize, wiring: Wiring): string => {
  const rows = [0, 1, 2, 3].map((tier) => [...wiring.nodeTier.keys()].filter((node) => wiring.nodeTier[node] === tier))
  const top = rows.findLastIndex((row) => row.length > 0)
  const points: Array<Point> = []
  rows.forEach((row, tier) =>
    row.forEach((node, i) => {
      points[node] = {
        x: margin + 50 + (i + 0.5) * (width - 2 * margin - 50) / row.length,
        y: 60 + (top - tier) * rowHeight
      }
    }))
  const links = Array.from(wiring.from, (from, link) =>
    line(points[from]!, points[wiring.to[link]!]!, colours[(wiring.linkTier[link] === 0 ? from % spec.rails : 7) % 8]!))
  const names = ["endpoints", "leaves", "spines", "cores"]
  const labels = rows.slice(0, top + 1).map((row, tier) =>
    `<text class="small" x="8" y="${64 + (top - tier) * rowHeight}">${row.length} ${names[tier]}</text>`)
  return page(
    100 + top * rowHeight, titleOf(spec, size),
    [...links, ...points.map((point, node) => box(point, wiring.nodeTier[node]!)), ...labels]
  )
}

/** Routers of the first plane on a grid, a ring, or a ring of groups; endpoints are only counted. */
const drawDirect = (spec: FabricSpec, size: DirectSize, wiring: Wiring): string => {
  const first = wiring.endpoints
  const height = 560
  const grid = size.topology !== "dragonfly" && (size.design.dims.length === 2 || size.design.dims.length === 3)
  const place = grid ? placeOnGrid : placeOnRing
  const points = Array.from({ length: size.design.routers }, (_, router) => place(size, router, height))
  const links = Array.from(wiring.from, (from, link) => ({ from: from - first, to: wiring.to[link]! - first, link }))
    .filter(({ from, to }) => from >= 0 && to < points.length)
    .map(({ from, to, link }) => {
      const [a, b] = [points[from]!, points[to]!]
      const colour = colours[wiring.linkTier[link] === 2 ? 1 : 0]!
      const straight = place === placeOnRing || areNeighbours(size, from, to)
      return straight ? line(a, b, colour) : arc(a, b, 0.12, colour)
    })
  const each = size.design.endpointsPerRouter
  const label = `<text class="small" x="${margin}" y="44">${each} ${each === 1 ? "endpoint" : "endpoints"} a router, ` +
    `${amongRouters(size)}</text>`
  return page(height, titleOf(spec, size), [label, ...links, ...points.map((point) => box(point, 1))])
}

const placeOnRing = (size: DirectSize, router: number, height: number): Point => {
  const [inner = 1, groups = 1] = size.design.dims
  const around = (centre: Point, radius: number, turn: number): Point => ({
    x: centre.x + radius * Math.sin(2 * Math.PI * turn),
    y: centre.y - radius * Math.cos(2 * Math.PI * turn)
  })
  const middle = { x: width / 2, y: height / 2 + 20 }
  if (size.topology !== "dragonfly") return around(middle, height / 2 - 60, router / size.design.routers)
  const group = around(middle, height / 2 - 100, Math.floor(router / inner) / groups)
  return around(group, Math.min(45, 500 / groups), (router % inner) / inner)
}

const coordinatesOf = ({ design }: DirectSize, router: number) => {
  const [x = 1, y = 1] = design.dims
  return [router % x, Math.floor(router / x) % y, Math.floor(router / (x * y))] as const
}

const areNeighbours = (size: DirectSize, a: number, b: number): boolean => {
  const other = coordinatesOf(size, b)
  return coordinatesOf(size, a).every((at, dimension) => Math.abs(at - other[dimension]!) <= 1)
}

/** The third dimension goes up and to the right. */
const placeOnGrid = (size: DirectSize, router: number, height: number): Point => {
  const [x = 1, y = 1, z = 1] = size.design.dims
  const [i, j, k] = coordinatesOf(size, router)
  const steps = { x: x - 1 + 0.4 * (z - 1), y: y - 1 + 0.4 * (z - 1) }
  const room = { x: (width - 2 * margin - 80) / Math.max(1, steps.x), y: (height - 160) / Math.max(1, steps.y) }
  return { x: margin + 40 + (i + 0.4 * k) * room.x, y: 100 + (j + 0.4 * (z - 1 - k)) * room.y }
}
