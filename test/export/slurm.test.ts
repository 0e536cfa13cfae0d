import fc from "fast-check"
import { spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { userInfo } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { hostlist } from "../../src/export/hostlist.ts"
import { filesOf, makeTallPlan, plans } from "./exported-plans.ts"
import { directoryOf, expand, hasProgram, run, type SlurmTopology, switchesOf } from "./outside-reader.ts"
import { widePlans } from "./wide-plans.ts"

describe("hostlist", () => {
  const numbers = fc.uniqueArray(fc.nat(500), { minLength: 1 }).map((list) => list.sort((a, b) => a - b))

  it("names every number once", () => {
    fc.assert(fc.property(numbers, (list) => {
      expect(expand(hostlist("n-", list))).toEqual(list.map((n) => `n-${n}`))
    }))
  })

  it.skipIf(!hasProgram("scontrol"))("is read by Slurm", () => {
    const list = [0, 1, 2, 7, 9, 10]
    const conf = join(directoryOf({ "slurm.conf": "ClusterName=test\nSlurmctldHost=localhost\n" }), "slurm.conf")
    const read = run("env", [`SLURM_CONF=${conf}`, "scontrol", "show", "hostnames", hostlist("hall-node-", list)])
    expect(read.trim().split("\n")).toEqual(list.map((n) => `hall-node-${n}`))
  })
})

const tallPlan = await makeTallPlan()

describe.each([...plans, tallPlan, ...widePlans])("Slurm's files of a plan", (plan) => {
  const nodes = plan.layout.hbds * plan.built.block.hbd.hosts

  it("hang every node and every switch under one switch, all under one root", async () => {
    const { "topology.conf": conf = "" } = await filesOf("slurm", plan)
    const switches = switchesOf(conf)
    const below = switches.flatMap((one) => one.below)
    expect(new Set(below).size).toBe(below.length)
    expect(below.filter((name) => name.includes("-node-")).length).toBe(nodes)
    expect(switches.filter(({ name }) => !below.includes(name)).length).toBe(1)
    const names = switches.map(({ name }) => name)
    expect(below.filter((name) => !name.includes("-node-") && !names.includes(name))).toEqual([])
  })

  it("put every HBD into a block of its size", async () => {
    const { "topology.yaml": text = "" } = await filesOf("slurm", plan)
    const block = (parse(text) as ReadonlyArray<SlurmTopology>).find((one) => one.block !== undefined)!.block!
    const blocks = block.blocks.map((one) => expand(one.nodes))
    expect(blocks.map(({ length }) => length)).toEqual(Array(plan.layout.hbds).fill(block.block_sizes[0]))
    expect(new Set(blocks.flat()).size).toBe(nodes)
  })

  it.skipIf(!hasProgram("slurmctld"))("are read by slurmctld", async () => {
    const files = await filesOf("slurm", plan)
    const names = switchesOf(files["topology.conf"]!).map(({ name }) => name)
    expect((await readBySlurm(files)).sort()).toEqual(names.sort())
  })
})

it("a tree of three tiers has pods", async () => {
  const { "topology.conf": conf = "" } = await filesOf("slurm", tallPlan)
  expect(switchesOf(conf).filter(({ name }) => name.includes("-pod-")).length).toBeGreaterThan(1)
})

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(port))
  })
})

/** Names of the switches that slurmctld says it has read; rejects with what it complains of. */
const readBySlurm = async (files: Readonly<Record<string, string>>): Promise<Array<string>> => {
  const { "topology.conf": topology = "", "nodes.conf": nodes = "" } = files
  const directory = directoryOf({ "topology.conf": topology, "nodes.conf": nodes, "cgroup.conf": "" })
  mkdirSync(join(directory, "state"))
  const conf = directoryOf({ "slurm.conf": [
    "ClusterName=test", "SlurmctldHost=localhost", `SlurmUser=${userInfo().username}`,
    "AuthType=auth/none", "CredType=cred/none",
    `StateSaveLocation=${directory}/state`, `SlurmctldPidFile=${directory}/pid`, `SlurmctldPort=${await freePort()}`,
    "TopologyPlugin=topology/tree", "SelectType=select/cons_tres", "GresTypes=gpu", "ProctrackType=proctrack/pgid",
    "SchedulerType=sched/builtin", `include ${directory}/nodes.conf`
  ].join("\n") + "\n", "topology.conf": topology, "cgroup.conf": "" })
  const daemon = spawn("/usr/sbin/slurmctld", ["-D", "-c", "-i", "-vvv", "-f", join(conf, "slurm.conf")])
  let log = ""
  return new Promise((resolve, reject) => {
    daemon.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString()
      if (/switches_dist|Running as primary controller|fatal:/.test(log)) daemon.kill("SIGKILL")
    })
    daemon.on("close", () => {
      const complaints = log.match(/.*(?:fatal:|error:.*(?:topology|switch|node)).*/gi) ?? []
      const read = [...log.matchAll(/Switch level:\d+ name:(\S+) /g)].map(([, name]) => name!)
      complaints.length > 0 ? reject(new Error(complaints.join("\n"))) : resolve([...new Set(read)])
    })
  })
}
