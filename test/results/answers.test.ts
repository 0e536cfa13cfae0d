import { DuckDBInstance } from "@duckdb/node-api"
import { describe, expect, it } from "vitest"
import { createTables } from "../../src/batch/store-tables.ts"
import { readBatches } from "../../src/results/answers.ts"
import { contestsOf } from "../../src/results/contests.ts"

/** A store in memory with one axis, and answers of these values by label. */
const storeWith = async (paths: ReadonlyArray<string>, values: Readonly<Record<string, number>>, search: object) => {
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(createTables)
  await connection.run("INSERT INTO batches VALUES ('b', 'f')")
  await connection.run("INSERT INTO axes VALUES ('b', 0, 'axis', $1)", [JSON.stringify(paths)])
  for (const [label, value] of Object.entries(values)) {
    await connection.run("INSERT INTO scenarios VALUES ('b', $1, 'f', 'b', $2)", [JSON.stringify({ axis: label }), label])
    await connection.run(
      "INSERT INTO results (key, status, objective, sense, value, bound, accelerator, hbd_size, recommendation, seconds, run, " +
        "solved_at) VALUES ($1, 'feasible', 'o', 'maximize', $2, $2, $1, 8, $3, 1, 1, now())",
      [label, value, JSON.stringify({ scenario: { search } })]
    )
  }
  return (await readBatches(connection, null))[0]!
}

const free = { accelerator: null, hbdSize: null }

describe("an axis of a store", () => {
  it.each([
    [["search.accelerator"], true], [["catalog.vendors"], true], [["catalog"], true],
    [["search.hbdSize", "catalog.exclude"], true], [["sites[0].power.limitMW"], false], [["searches"], false],
    [["search.accelerator", "sites[0].racks"], false], [[], false]
  ])("of %j is a choice: %s", async (paths, isDecision) => {
    const batch = await storeWith(paths, { AMD: 3, Intel: 2 }, free)
    expect(batch.axes).toEqual([{ name: "axis", isDecision }])
    expect(contestsOf(batch).length).toBe(isDecision ? 1 : 2)
  })
})

describe("an answer", () => {
  it("knows what its scenario leaves no choice of", async () => {
    const fixed = async (search: object) =>
      (await storeWith(["sites[0].racks"], { a: 1, b: 2 }, search)).rows.map((row) => row.fixed)
    const both = { accelerator: "a", hbdSize: 8 }
    expect(await fixed({ accelerator: ["a"], hbdSize: [8] })).toEqual([both, both])
    expect(await fixed({ accelerator: ["a", "b"], hbdSize: null })).toEqual([free, free])
  })
})
