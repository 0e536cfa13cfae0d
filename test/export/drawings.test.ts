import { describe, expect, it } from "vitest"
import type { ExportSource } from "../../src/export/export-source.ts"
import { filesOf, plans } from "./exported-plans.ts"
import { hasProgram, run } from "./outside-reader.ts"

/** Nodes and bundles that the plan must have, from its counts alone. */
const nodesOf = ({ layout, built }: ExportSource) =>
  layout.hbds * built.block.hbd.hosts + (layout.scaleOut?.switches.total ?? 0)

/** `gc` prints nodes, edges and the name. */
const countGraph = (dot: string) => {
  const [, nodes, edges] = /^\s*(\d+)\s+(\d+)/.exec(run("gc", ["-n", "-e"], dot)) ?? []
  return { nodes: Number(nodes), edges: Number(edges) }
}

const edgesOf = (dot: string) => [...dot.matchAll(/-- .*label="(\d+) × /g)].map(([, links]) => Number(links))

describe.each(plans)("drawing of a plan", (plan) => {
  it("in DOT has every host, switch and link", async () => {
    const { "wiring.dot": dot = "" } = await filesOf("graphviz", plan)
    const links = Object.values(plan.built.sites[0]!.fabric!.links).reduce((sum, count) => sum + count, 0)
    expect(edgesOf(dot).reduce((sum, count) => sum + count, 0)).toBe(links)
    expect(new Set(dot.match(/"[a-z0-9-]+-(node|leaf|spine|core)-\d+"/g)).size).toBe(nodesOf(plan))
  })

  it.skipIf(!hasProgram("gc"))("in DOT is read by Graphviz", async () => {
    const { "wiring.dot": dot = "" } = await filesOf("graphviz", plan)
    expect(countGraph(dot)).toEqual({ nodes: nodesOf(plan), edges: edgesOf(dot).length })
  })

  it("in GraphML joins nodes that exist, each once, with declared keys", async () => {
    const { "wiring.graphml": xml = "" } = await filesOf("graphml", plan)
    const ids = [...xml.matchAll(/<node id="([^"]+)">/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(nodesOf(plan))
    const ends = [...xml.matchAll(/(?:source|target)="([^"]+)"/g)].map(([, id]) => id)
    expect(ends.filter((id) => !ids.includes(id))).toEqual([])
    const keys = [...xml.matchAll(/<key id="([^"]+)"/g)].map(([, id]) => id)
    expect([...new Set([...xml.matchAll(/<data key="([^"]+)"/g)].map(([, id]) => id))].sort()).toEqual(keys.sort())
  })

  it.skipIf(!hasProgram("xmllint"))("in GraphML is well-formed", async () => {
    const { "wiring.graphml": xml = "" } = await filesOf("graphml", plan)
    expect(run("xmllint", ["--noout", "-"], xml)).toBe("")
  })

  it.skipIf(!hasProgram("graphml2gv"))("in GraphML is read by graphml2gv", async () => {
    const { "wiring.graphml": xml = "" } = await filesOf("graphml", plan)
    const { "wiring.dot": dot = "" } = await filesOf("graphviz", plan)
    const read = countGraph(run("graphml2gv", [], xml))
    expect(read).toEqual({ nodes: nodesOf(plan), edges: edgesOf(dot).length })
  })
})
