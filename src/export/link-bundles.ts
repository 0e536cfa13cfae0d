/** Parallel links between the same two nodes as one bundle: what a drawing shows. */
import type { ClusterLink } from "./cluster-wiring.ts"

export interface LinkBundle {
  readonly from: string
  readonly to: string
  readonly plane: number | null
  readonly links: number
  /** of one link, one direction */
  readonly Gbps: number
  readonly medium: string
}

export function bundleLinks(links: ReadonlyArray<ClusterLink>): ReadonlyArray<LinkBundle> {
  const bundles = new Map<string, { -readonly [K in keyof LinkBundle]: LinkBundle[K] }>()
  for (const { from, to, plane, Gbps, medium } of links) {
    const key = `${from} ${to}`
    const bundle = bundles.get(key)
    if (bundle === undefined) bundles.set(key, { from, to, plane, links: 1, Gbps, medium })
    else bundle.links++
  }
  return [...bundles.values()]
}

/** What a drawing of hosts and switches leaves out. */
export const drawingRemarks = [
  "parallel links between two devices are one edge with their number; ports are in the wiring list (csv)",
  "the links inside an HBD are not drawn: its hosts share a group"
]
