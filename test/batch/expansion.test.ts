import { describe, expect, it } from "vitest"
import { openAxis } from "../../src/batch/axis.ts"
import { countPoints, expandPoints } from "../../src/batch/expansion.ts"
import { parsePath, withValueAt } from "../../src/scenario/value-path.ts"
import type { AxisFile, BatchFile } from "../../src/schema/batch.ts"
import { smallCatalog } from "../scenario/small-catalog.ts"

const base = { name: "hall", sites: [{ power: { limitMW: 1 }, racks: 10 }] }
const power: AxisFile = { name: "power", path: "sites[0].power.limitMW", values: [1, 5, 20] }
const model: AxisFile = { path: "workload.model", values: ["a", "b"] }

const expand = (files: ReadonlyArray<AxisFile>, how: Partial<BatchFile> = {}) => {
  const axes = files.map((file, i) => openAxis(file, i, smallCatalog))
  const full = { expand: "grid" as const, seed: 1, ...how }
  const points = [...expandPoints(base, axes, full)]
  expect(points.length).toBe(countPoints(axes, full))
  return points
}

const range = (path: string, from: number, to: number, steps: number, scale: "linear" | "log" = "linear", whole = false): AxisFile =>
  ({ path, range: { from, to, steps, scale, whole } })

describe("a path", () => {
  it("is keys and positions, with or without its root", () => {
    expect(parsePath("sites[0].power.limitMW")).toEqual(["sites", 0, "power", "limitMW"])
    expect(parsePath("$.search.mapping.tp")).toEqual(["search", "mapping", "tp"])
  })

  it.each(["", "[0]", "a..b", "a.", "a[x]", "a[0", "a]b", ".a"])("is not %j", (text) => {
    expect(parsePath(text)).toBeNull()
  })

  it("sets a value and leaves all else, the original too", () => {
    expect(withValueAt(base, ["sites", 0, "power", "limitMW"], 7))
      .toEqual({ name: "hall", sites: [{ power: { limitMW: 7 }, racks: 10 }] })
    expect(withValueAt(base, ["search", "hbdSize"], 8)).toEqual({ ...base, search: { hbdSize: 8 } })
    expect(base.sites[0]!.power.limitMW).toBe(1)
  })
})

describe("a grid", () => {
  it("is every combination once, what changes the model slowest", () => {
    expect(expand([power, model]).map(({ axes }) => axes)).toEqual([
      { power: 1, model: "a" }, { power: 5, model: "a" }, { power: 20, model: "a" },
      { power: 1, model: "b" }, { power: 5, model: "b" }, { power: 20, model: "b" }
    ])
  })

  it("sets every axis in the scenario", () => {
    expect(expand([power, model]).at(-1)!.document)
      .toEqual({ ...base, sites: [{ power: { limitMW: 20 }, racks: 10 }], workload: { model: "b" } })
  })

  it("is made one point at a time", () => {
    const axes = Array.from({ length: 6 }, (_, i) => openAxis(range(`x${i}`, 1, 100, 100), i, smallCatalog))
    const [first, second] = expandPoints(base, axes, { expand: "grid", seed: 1 })
    expect(first!.axes).not.toEqual(second!.axes)
    expect(countPoints(axes, { expand: "grid", seed: 1 })).toBe(1e12)
  })
})

describe("an axis", () => {
  it("spaces a range by differences or by ratios, both ends among its values", () => {
    const labels = (file: AxisFile) => expand([file]).map(({ axes }) => Object.values(axes)[0])
    expect(labels(range("x", 0, 1, 5))).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(labels(range("search.hbdSize", 8, 8192, 11, "log"))).toEqual(Array.from({ length: 11 }, (_, i) => 8 * 2 ** i))
    expect(labels(range("x", 1, 2, 5, "linear", true))).toEqual([1, 2])
  })

  it("tries every entry of the catalogue, even those without figures", () => {
    expect(expand([{ path: "search.accelerator", every: "accelerators" }]).map(({ axes }) => axes))
      .toEqual([{ accelerator: "a1" }, { accelerator: "a2" }])
  })

  it("changes several places together, by name", () => {
    const sets: AxisFile = {
      name: "hall", sets: { small: { "sites[0].power.limitMW": 1, "sites[0].racks": 4 }, large: { "sites[0].power.limitMW": 9 } }
    }
    expect(expand([sets])).toEqual([
      { axes: { hall: "small" }, document: { name: "hall", sites: [{ power: { limitMW: 1 }, racks: 4 }] } },
      { axes: { hall: "large" }, document: { name: "hall", sites: [{ power: { limitMW: 9 }, racks: 10 }] } }
    ])
  })

  it("labels sets by numbers where all their names are", () => {
    const labels = (...names: ReadonlyArray<string>) =>
      expand([{ name: "power", sets: Object.fromEntries(names.map((name) => [name, { "sites[0].racks": 1 }])) }])
        .map(({ axes }) => axes["power"])
    expect(labels("0.5", "1", "20")).toEqual([1, 20, 0.5])
    expect(labels("1", "1.0")).toEqual(["1", "1.0"])
    expect(labels("1", "many")).toEqual(["1", "many"])
  })
})

describe("a list", () => {
  it("goes along all axes at once, to the end of the shortest", () => {
    expect(expand([power, model], { expand: "list" }).map(({ axes }) => axes))
      .toEqual([{ power: 1, model: "a" }, { power: 5, model: "b" }])
  })
})

describe("a Latin hypercube", () => {
  const samples = 50
  const axes = [range("x", 0, 1, 2), range("y", 1, 1000, 2, "log"), power]
  const draw = (seed: number) => expand(axes, { expand: "latinHypercube", samples, seed }).map(({ axes }) => axes)

  it("meets each of as many strata as samples once on every axis", () => {
    const drawn = draw(3)
    const strata = (shares: ReadonlyArray<number>) => shares.map((share) => Math.floor(share * samples)).sort((a, b) => a - b)
    const all = Array.from({ length: samples }, (_, i) => i)
    expect(strata(drawn.map(({ x }) => x as number))).toEqual(all)
    expect(strata(drawn.map(({ y }) => Math.log(y as number) / Math.log(1000)))).toEqual(all)
  })

  it("shares lists evenly", () => {
    const counts = [1, 5, 20].map((value) => draw(3).filter(({ power }) => power === value).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })

  it("is its seed's", () => {
    expect(draw(3)).toEqual(draw(3))
    expect(draw(3)).not.toEqual(draw(4))
  })
})
