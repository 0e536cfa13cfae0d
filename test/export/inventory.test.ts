import ExcelJS from "exceljs"
import { describe, expect, it } from "vitest"
import { exportPlan } from "../../src/export/targets.ts"
import { countAccelerators } from "../../models/facility/rack-counts.ts"
import { expertPlan, filesOf, plans } from "./exported-plans.ts"
import { readCsv } from "./outside-reader.ts"

/** Of the import forms of netbox/dcim/forms/bulk_import.py (NetBox 4.x), by file. */
const netboxFields: Readonly<Record<string, ReadonlyArray<string>>> = {
  "1-sites.csv": ["name", "slug", "status", "description"],
  "2-manufacturers.csv": ["name", "slug", "description"],
  "3-device-roles.csv": ["name", "slug", "color", "vm_role", "description"],
  "4-device-types.csv": [
    "manufacturer", "model", "slug", "part_number", "u_height", "is_full_depth", "weight", "weight_unit"
  ],
  "5-racks.csv": ["site", "location", "name", "status", "role", "serial", "width", "u_height", "desc_units"],
  "6-devices.csv": [
    "name", "role", "manufacturer", "device_type", "platform", "status", "site", "location", "rack", "position", "face"
  ],
  "7-interfaces.csv": ["device", "name", "label", "parent", "type", "enabled", "speed"],
  "8-cables.csv": [
    "side_a_site", "side_a_device", "side_a_type", "side_a_name",
    "side_b_site", "side_b_device", "side_b_type", "side_b_name",
    "type", "status", "label", "length", "length_unit"
  ]
}

describe.each(plans)("inventory of a plan", (plan) => {
  const { recommendation, layout, built } = plan

  it("of the floor draws every rack and lists every cable with a medium that reaches", async () => {
    const files = await filesOf("floor", plan)
    const runs = readCsv(files["cables.csv"]!)
    const total = (medium: string) =>
      runs.filter((run) => run["medium"] === medium).reduce((sum, run) => sum + Number(run["cables"]), 0)
    for (const { medium, cables, totalM, longestM, reachM } of recommendation.floor[0]!.cables) {
      expect(total(medium)).toBe(cables)
      expect(longestM).toBeLessThanOrEqual(reachM)
      expect(totalM).toBeLessThanOrEqual(cables * longestM * (1 + 1e-9))
    }
    expect(runs.every((run) => run["reaches"] === "true")).toBe(true)
    const scaleOutCables = recommendation.bom.filter(({ side, role }) => side === "scale-out" && role.startsWith("cable"))
      .reduce((sum, { count }) => sum + count, 0)
    const listed = runs.filter((run) => run["bundle"] !== "scale-up").reduce((sum, run) => sum + Number(run["cables"]), 0)
    expect(listed).toBe(scaleOutCables)
    expect(files["floor-plan.svg"]!.match(/class="rack"/g)).toHaveLength(layout.racks)
  })

  it("for NetBox has the columns of its import forms and names only what came before", async () => {
    const files = await filesOf("netbox", plan)
    const rows = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, readCsv(text)]))
    for (const [name, records] of Object.entries(rows)) {
      expect(records.length, name).toBeGreaterThan(0)
      for (const column of Object.keys(records[0]!)) expect(netboxFields[name], `${name} ${column}`).toContain(column)
    }
    const column = (name: string, key: string) => new Set(rows[name]!.map((row) => row[key]))
    for (const device of rows["6-devices.csv"]!) {
      expect(column("5-racks.csv", "name")).toContain(device["rack"])
      expect(column("3-device-roles.csv", "name")).toContain(device["role"])
      expect(column("4-device-types.csv", "model")).toContain(device["device_type"])
      expect(column("2-manufacturers.csv", "name")).toContain(device["manufacturer"])
    }
    expect(column("6-devices.csv", "name").size).toBe(rows["6-devices.csv"]!.length)
  })

  it("for NetBox plugs every cable into two interfaces of devices, each used once", async () => {
    const files = await filesOf("netbox", plan)
    const interfaces = readCsv(files["7-interfaces.csv"]!).map((row) => `${row["device"]} ${row["name"]}`)
    const cables = readCsv(files["8-cables.csv"]!)
    const ends = cables.flatMap((row) =>
      ["a", "b"].map((side) => `${row[`side_${side}_device`]} ${row[`side_${side}_name`]}`))
    expect(new Set(interfaces).size).toBe(interfaces.length)
    expect([...ends].sort()).toEqual([...interfaces].sort())
    const devices = new Set(readCsv(files["6-devices.csv"]!).map((row) => row["name"]))
    expect(interfaces.filter((end) => !devices.has(end.split(" ")[0]!))).toEqual([])
    expect(cables.length).toBe(Object.values(built.sites[0]!.fabric!.links).reduce((sum, count) => sum + count, 0))
  })

  it("stands in racks without overlap, every device of the bill of materials in one of them", async () => {
    const racks = readCsv((await filesOf("csv", plan))["racks.csv"]!)
    const names = new Set(racks.map((row) => row["rack"]))
    expect(names.size).toBe(layout.racks)
    for (const name of names) {
      const devices = racks.filter((row) => row["rack"] === name && row["device"] !== "")
      const top = devices.reduce((last, row) => {
        expect(Number(row["unit"])).toBe(last)
        return last + Number(row["units"])
      }, 1)
      expect(top - 1).toBeLessThanOrEqual(built.sites[0]!.stand.rackClass.coolingClass.rackUnits)
    }
    const count = (...roles: ReadonlyArray<string>) => racks.filter((row) => roles.includes(row["role"]!)).length
    const bought = (...roles: ReadonlyArray<string>) =>
      recommendation.bom.filter((line) => roles.includes(line.role)).reduce((sum, line) => sum + line.count, 0)
    expect(count("node", "spare node")).toBe(bought("host", "spare host"))
    expect(count("network switch")).toBe(bought("leaf switch", "spine switch", "core switch"))
    expect(count("scale-up switch")).toBe(bought("scale-up switch"))
    expect(count("node", "spare node") * built.block.hbd.host.accelerators)
      .toBe(countAccelerators(built.sites[0]!.plant, layout.hbds))
  })

  it("as CSV sums to the plan's capital and power", async () => {
    const bom = readCsv((await filesOf("csv", plan))["bom.csv"]!)
    const sum = (figure: string) => bom.reduce((total, row) => total + Number(row["count"]) * Number(row[figure]), 0)
    expect(sum("priceUsd") / recommendation.money!.capexUsd).toBeCloseTo(1, 9)
    const power = recommendation.resources.find(({ name }) => name.startsWith("IT power"))!
    expect(sum("powerMaxW") / 1e6 / power.used).toBeCloseTo(1, 9)
  })

  it("as a workbook holds the same rows as the CSV", async () => {
    const { "plan.xlsx": bytes } = (await exportPlan("xlsx", plan)).files
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load((bytes as Uint8Array).buffer as ArrayBuffer)
    const csv = await filesOf("csv", plan)
    const sheets = { "Bill of materials": "bom.csv", Wiring: "wiring.csv", Racks: "racks.csv" }
    for (const [sheet, file] of Object.entries(sheets)) {
      const rows = readCsv(csv[file]!)
      const read: Array<ReadonlyArray<string>> = []
      workbook.getWorksheet(sheet)!.eachRow((row, i) => {
        if (i > 1) read.push(Object.keys(rows[0]!).map((_, column) => String(row.getCell(column + 1).value ?? "")))
      })
      expect(read).toEqual(rows.map((row) => Object.values(row)))
    }
  })
})

it("racks of trays hold their HBD whole, with its switches", async () => {
  const racks = readCsv((await filesOf("csv", expertPlan))["racks.csv"]!)
  const first = racks.filter((row) => row["rack"] === racks[0]!["rack"])
  expect(first.filter((row) => row["role"] === "node").length).toBe(expertPlan.built.block.hbd.hosts)
  const switches = first.filter((row) => row["role"] === "scale-up switch").map((row) => row["device"]!)
  expect(switches.length).toBeGreaterThan(0)
  expect(switches.filter((name) => !name.includes("-hbd-0-"))).toEqual([])
})
