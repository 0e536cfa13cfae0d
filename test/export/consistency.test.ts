/** What different targets say of one plan agrees with its recommendation and with each other; what is lost is said. */
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { type ExportSource, sourceOfRun } from "../../src/export/export-source.ts"
import type { ExportTarget } from "../../src/export/target-names.ts"
import { exportPlan } from "../../src/export/targets.ts"
import { filesOf } from "./exported-plans.ts"
import { expand, readCsv, type SlurmTopology, switchesOf } from "./outside-reader.ts"
import { dragonflyPlan, idlePlan, meshPlan, programmePlan, sitesPlan, widePlans } from "./wide-plans.ts"

const remarksOf = async (target: ExportTarget, plan: ExportSource): Promise<string> =>
  (await exportPlan(target, plan)).remarks.join("\n")

const bought = ({ recommendation }: ExportSource, isMeant: (role: string) => boolean): number =>
  recommendation.bom.reduce((sum, { role, count }) => isMeant(role) ? sum + count : sum, 0)

const isUnique = (names: ReadonlyArray<string>): void => {
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  expect(names.filter((name) => !/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(name))).toEqual([])
}

/** Whether one can go from every node to every other. */
const isJoined = (nodes: ReadonlyArray<string>, edges: ReadonlyArray<readonly [string, string]>): boolean => {
  const above = new Map(nodes.map((name) => [name, name]))
  const top = (name: string): string => above.get(name) === name ? name : top(above.get(name)!)
  for (const [a, b] of edges) above.set(top(a), top(b))
  return new Set(nodes.map(top)).size === 1
}

it("the plans are what they are to show", () => {
  expect(sitesPlan.layout.sites.map(({ site }) => site)).toEqual(["Hall 1", "hall-1", "東京"])
  expect(sitesPlan.layout.scaleOut!.planes).toBe(2)
  expect(idlePlan.layout.sites).toHaveLength(2)
  expect(idlePlan.layout.idleAccelerators).toBeGreaterThan(idlePlan.layout.hbd.size)
  expect(dragonflyPlan.layout.scaleOut!.topology).toBe("dragonfly")
  expect(meshPlan.layout.hbd.topology).toBe("nd-full-mesh")
  expect(meshPlan.layout.hbd.dims.length).toBeGreaterThan(1)
  expect(programmePlan.recommendation.programme!.runs).toHaveLength(2)
})

describe.each(widePlans)("exports of $recommendation.scenario.name", (plan) => {
  const { layout, built } = plan
  const nodes = layout.hbds * built.block.hbd.hosts

  it("list the cables of the bill of materials", async () => {
    const wiring = readCsv((await filesOf("csv", plan))["wiring.csv"]!)
    const isOfGateway = ({ from, to }: typeof wiring[number]) => from!.includes("-gateway-") || to!.includes("-gateway-")
    const cables = new Set(wiring.filter((row) => !isOfGateway(row)).map(({ cable, medium }) => `${cable} ${medium}`))
    const counts = new Map<string, number>()
    for (const cable of cables) {
      const kind = cable.replace(/-cable-\d+ /, " ")
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    const bill = new Map<string, number>()
    for (const { side, role, site, part, count } of plan.recommendation.bom) {
      if (side !== "scale-out" || !role.startsWith("cable") || count === 0) continue
      const kind = `${built.sites.find((one) => one.site === site)!.slug} ${part}`
      bill.set(kind, (bill.get(kind) ?? 0) + count)
    }
    expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(bill))
    const longHaul = wiring.filter(({ from, to }) => from!.includes("-gateway-") && to!.includes("-gateway-"))
    expect(longHaul).toHaveLength(layout.links.reduce((sum, { modules }) => sum + modules, 0))
    expect(longHaul.map(({ medium }) => medium).sort())
      .toEqual(layout.links.flatMap((link) => Array<string>(link.modules).fill(link.medium)).sort())
    const intoFabric = wiring.filter(isOfGateway).length - longHaul.length
    expect(intoFabric).toBe(bought(plan, (role) => role === "transceiver, router to fabric") / 2)
  })

  it("say so where links share cables", async () => {
    const wiring = readCsv((await filesOf("csv", plan))["wiring.csv"]!).filter(({ from }) => from!.includes("-node-"))
    const cables = new Set(wiring.map(({ cable }) => cable)).size
    const media = new Map<string, Set<string>>()
    for (const { cable, medium } of wiring) media.set(cable!, new Set([...media.get(cable!) ?? [], medium!]))
    expect([...media.values()].filter(({ size }) => size > 1)).toEqual([])
    expect(cables < wiring.length).toBe(layout.scaleOut!.planes > 1)
    for (const target of ["csv", "xlsx", "netbox"] as const) {
      const remarks = await remarksOf(target, plan)
      if (cables < wiring.length) expect(remarks).toContain(`${wiring.length} links from NICs run in ${cables} cables`)
      else expect(remarks).not.toMatch(/run in \d+ cables/)
    }
  })

  it("have every rack and every device once, of names that differ", async () => {
    const racks = readCsv((await filesOf("csv", plan))["racks.csv"]!)
    const names = [...new Set(racks.map(({ rack }) => rack!))]
    expect(names).toHaveLength(layout.racks)
    isUnique(names)
    const devices = racks.filter(({ device }) => device !== "")
    isUnique(devices.map(({ device }) => device!))
    const count = (role: string) => devices.filter((row) => row["role"] === role).length
    expect(count("node")).toBe(nodes)
    expect(count("network switch")).toBe(layout.scaleOut!.switches.total)
    expect(count("router between sites")).toBe(bought(plan, (role) => role === "router between sites"))
    expect(count("line system")).toBe(bought(plan, (role) => role === "line system"))
    const unplaced = new Set(racks.filter(({ xM }) => xM === "").map(({ rack }) => rack)).size
    const said = `of ${layout.racks} racks ${unplaced} hold routers between sites`
    for (const target of ["csv", "xlsx", "floor"] as const) {
      if (unplaced > 0) expect(await remarksOf(target, plan)).toContain(said)
    }
    expect(unplaced > 0).toBe(layout.links.length > 0)
    const drawn = Object.values(await filesOf("floor", plan)).join("").match(/class="rack"/g)!.length
    expect(drawn).toBe(layout.racks - unplaced)
  })

  it("are whole in NetBox: names and slugs that differ, cables between interfaces of devices, racks of sites", async () => {
    const files = await filesOf("netbox", plan)
    const rows = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, readCsv(text)]))
    for (const records of Object.values(rows)) {
      if ("slug" in records[0]!) isUnique(records.map((row) => row["slug"]!))
    }
    isUnique(rows["6-devices.csv"]!.map((row) => row["name"]!))
    expect(rows["1-sites.csv"]!.map((row) => row["name"])).toEqual(layout.sites.map(({ site }) => site))
    expect(rows["5-racks.csv"]).toHaveLength(layout.racks)
    const interfaces = rows["7-interfaces.csv"]!.map((row) => `${row["device"]} ${row["name"]}`)
    const cables = rows["8-cables.csv"]!
    const ends = cables.flatMap((row) => ["a", "b"].map((side) => `${row[`side_${side}_device`]} ${row[`side_${side}_name`]}`))
    expect(new Set(interfaces).size).toBe(interfaces.length)
    expect([...ends].sort()).toEqual([...interfaces].sort())
    const devices = new Set(rows["6-devices.csv"]!.map((row) => row["name"]))
    expect(rows["7-interfaces.csv"]!.filter((row) => !devices.has(row["device"]))).toEqual([])
    expect(cables.filter((row) => row["type"] === "")).toEqual([])
    expect(cables).toHaveLength(readCsv((await filesOf("csv", plan))["wiring.csv"]!).length)
  })

  it("are drawn as one piece with every link", async () => {
    const { "wiring.graphml": xml = "" } = await filesOf("graphml", plan)
    const ids = [...xml.matchAll(/<node id="([^"]+)">/g)].map(([, id]) => id!)
    const edges = [...xml.matchAll(/source="([^"]+)" target="([^"]+)"/g)].map(([, from, to]) => [from!, to!] as const)
    isUnique(ids)
    expect(ids).toHaveLength(nodes + layout.scaleOut!.switches.total + bought(plan, (role) => role === "router between sites"))
    // rails and planes of a rail-only fabric meet in the nodes
    expect(isJoined(ids.filter((id) => edges.flat().includes(id)), edges)).toBe(true)
    const sum = (numbers: Iterable<RegExpMatchArray>) => [...numbers].reduce((total, [, links]) => total + Number(links), 0)
    const links = readCsv((await filesOf("csv", plan))["wiring.csv"]!).length
    expect(sum(xml.matchAll(/<data key="links">(\d+)</g))).toBe(links)
    expect(sum((await filesOf("graphviz", plan))["wiring.dot"]!.matchAll(/-- .*label="(\d+) × /g))).toBe(links)
  })

  it("are one tree and the same blocks for every Slurm", async () => {
    const files = await filesOf("slurm", plan)
    const topologies = parse(files["topology.yaml"]!) as ReadonlyArray<SlurmTopology>
    expect(topologies.map((one) => Object.keys(one)[0])).toEqual(["topology", "topology"])
    expect(new Set(topologies.map(({ topology }) => topology)).size).toBe(2)
    expect(topologies.filter(({ cluster_default }) => cluster_default)).toHaveLength(1)
    const tree = topologies.find((one) => one.tree !== undefined)!.tree!.switches
    const conf = switchesOf(files["topology.conf"]!)
    expect(tree.map((one) => ({ name: one.switch, below: expand((one.nodes ?? one.children)!) }))).toEqual(conf)
    isUnique(conf.map(({ name }) => name))
    const below = conf.flatMap((one) => one.below)
    const [, all = ""] = /^NodeName=(\S+)/m.exec(files["nodes.conf"]!)!
    expect(expand(all)).toHaveLength(nodes)
    isUnique(expand(all))
    expect(below.filter((name) => name.includes("-node-")).sort()).toEqual([...expand(all)].sort())
    expect(conf.filter(({ name }) => !below.includes(name))).toHaveLength(1)
    const { blocks, block_sizes } = topologies.find((one) => one.block !== undefined)!.block!
    expect(blocks.map((one) => expand(one.nodes).length)).toEqual(Array(layout.hbds).fill(block_sizes[0]))
    expect(blocks.flatMap((one) => expand(one.nodes))).toEqual(expand(all))
    expect(await remarksOf("slurm", plan)).toMatch(/topology\.conf is not read/)
  })

  it("give a job the nodes that megatron.sh asks for, each of an HBD as many", async () => {
    const job = expand((await filesOf("slurm", plan))["job-nodes.txt"]!.trim())
    const [, asked, ranks] = /NNODES=(\d+) NPROC_PER_NODE=(\d+)/.exec((await filesOf("megatron", plan))["megatron.sh"]!)!
    expect(job).toHaveLength(Number(asked))
    isUnique(job)
    const topologies = parse((await filesOf("slurm", plan))["topology.yaml"]!) as ReadonlyArray<SlurmTopology>
    const held = topologies.find((one) => one.block !== undefined)!.block!.blocks
      .map((one) => expand(one.nodes).filter((node) => job.includes(node)).length).filter((count) => count > 0)
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(job.length)
    expect(new Set(held)).toEqual(new Set([plan.mapping.ranksPerHbd / Number(ranks)]))
    if (job.length < nodes) expect(await remarksOf("slurm", plan)).toContain(`${job.length} nodes of ${nodes}`)
  })

  it("give ASTRA-sim every accelerator, its bandwidth, and collectives that it has", async () => {
    const files = await filesOf("astra-sim", plan)
    const network = parse(files["network.yml"]!) as Readonly<Record<string, ReadonlyArray<string | number>>>
    const sizes = network["npus_count"] as ReadonlyArray<number>
    expect(sizes.reduce((product, npus) => product * npus, 1)).toBe(layout.accelerators)
    // links of an NPU in a dimension: one to a switch, two in a ring, one to every other in a full mesh
    const links = { Switch: () => 1, Ring: () => 2, FullyConnected: (npus: number) => npus - 1 }
    const perNpu = sizes.map((npus, i) =>
      links[network["topology"]![i] as keyof typeof links](npus) * Number(network["bandwidth"]![i]))
    expect(perNpu.slice(0, -1).reduce((sum, GBps) => sum + GBps, 0)).toBeCloseTo(layout.hbd.GBpsPerAccelerator, 6)
    expect(perNpu.at(-1)! * 8).toBeCloseTo(layout.scaleOut!.GbpsPerAccelerator, 6)
    const system = JSON.parse(files["system.json"]!) as Readonly<Record<string, ReadonlyArray<string>>>
    // HalvingDoubling.cc ends the program for any other collective, and halves 2^k ranks alone
    for (const collective of ["all-reduce", "all-gather", "reduce-scatter", "all-to-all"]) {
      const chosen = system[`${collective}-implementation`]!
      expect(chosen).toHaveLength(sizes.length)
      for (const [i, algorithm] of chosen.entries()) {
        const halves = collective !== "all-to-all" && Number.isInteger(Math.log2(sizes[i]!))
        expect(["ring", "direct", ...halves ? ["halvingDoubling"] : []], `${collective} ${i}`).toContain(algorithm)
      }
    }
  })

  it.each(["astra-sim", "slurm", "calculon"] as const)("say what %s leaves out of the links between sites", async (target) => {
    const remarks = await remarksOf(target, plan)
    expect(remarks.match(/is left out: /g)?.length ?? 0).toBe(layout.links.length)
    for (const { between, distanceKm, litGbps } of layout.links) {
      expect(remarks).toContain(`between ${between.join(" and ")}, ${distanceKm} km and ${litGbps} Gb/s each way`)
    }
  })
})

it("of a dragonfly Slurm's tree has groups of routers, which are joined", async () => {
  const { "topology.conf": conf = "" } = await filesOf("slurm", dragonflyPlan)
  const groups = switchesOf(conf).filter(({ name }) => name.includes("-group-"))
  const { fabric } = dragonflyPlan.built.sites[0]!
  const [routersPerGroup, count] = fabric?.kind === "direct" ? fabric.design.dims : []
  expect(groups.length).toBeGreaterThan(1)
  expect(groups.length).toBeLessThanOrEqual(count!)
  for (const { below } of groups) {
    expect(new Set(below.map((name) => Math.floor(Number(name.split("-").at(-1)) / routersPerGroup!))).size).toBe(1)
  }
  const remarks = await remarksOf("slurm", dragonflyPlan)
  expect(remarks).toContain("routers are joined to each other")
  expect(remarks).not.toContain("through the HBDs")
})

it("names that were changed to differ are said", async () => {
  for (const target of ["slurm", "csv", "netbox", "graphviz", "graphml", "floor", "xlsx"] as const) {
    const remarks = await remarksOf(target, sitesPlan)
    expect(remarks, target).toContain(`"hall-1" is hall-1-2`)
    expect(remarks, target).toContain(`"東京" is site-3`)
    expect(remarks, target).not.toContain(`"Hall 1" is`)
  }
})

it("the network of an n-D full mesh has a full mesh for each of its dimensions", async () => {
  const { "network.yml": text = "" } = await filesOf("astra-sim", meshPlan)
  const network = parse(text) as Readonly<Record<string, ReadonlyArray<unknown>>>
  expect(network["npus_count"]!.slice(0, -1)).toEqual(meshPlan.layout.hbd.dims)
  expect(new Set(network["topology"]!.slice(0, -1))).toEqual(new Set(["FullyConnected"]))
})

it("every run of a programme has a job of its own nodes", async () => {
  for (const { name } of programmePlan.recommendation.programme!.runs) {
    const run = sourceOfRun(programmePlan, name)!
    const job = expand((await filesOf("slurm", run))["job-nodes.txt"]!.trim())
    expect((await filesOf("megatron", run))["megatron.sh"]).toContain(`NNODES=${job.length} `)
    expect(await remarksOf("slurm", run)).toContain(`the mapping of ${name} alone`)
  }
})
