import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { sizeFabric } from "../../models/fabric/sizing.ts"
import { readOracles } from "../../src/fabric/docs-tables.ts"
import type { Comparison, OracleRow, OracleSource } from "../../src/fabric/oracle.ts"
import { compareScaleOut, compareScaleUp } from "../../src/fabric/oracle.ts"
import { decodeFabricRequest } from "../../src/fabric/request.ts"

type Compare = (source: OracleSource, row: OracleRow) => ReadonlyArray<Comparison>

const kinds: ReadonlyArray<["scale-out" | "scale-up", Compare]> = [
  ["scale-out", compareScaleOut],
  ["scale-up", compareScaleUp]
]

for (const [kind, compare] of kinds) {
  describe(`published ${kind} tables`, () => {
    for (const source of readOracles(kind)) {
      for (const row of source.rows) {
        const asserted = row.mark === "exact"
        it(`${source.id}: ${row.label}${asserted ? "" : ` (${row.mark}: reported, not asserted)`}`, ({ annotate }) => {
          const compared = compare(source, row)
          for (const { name, predicted } of compared) expect(Number.isFinite(predicted), name).toBe(true)
          if (!asserted) return annotate(JSON.stringify(compared))
          expect(Object.fromEntries(compared.map(({ name, predicted }) => [name, predicted]))).toEqual(row.published)
        })
      }
    }
  })
}

describe("published ratios", () => {
  const networkUsd = (label: string) => {
    const source = readOracles("scale-out").find(({ id }) => id === "rail-only")!
    const row = source.rows.find((candidate) => candidate.label === label)!
    return compareScaleOut(source, row).find(({ name }) => name === "networkUsd")!.predicted
  }

  it("Rail-only saves 38.3 % at radix 64 and 76.6 % at 128 (arXiv 2307.12169 quotes 38–77 %)", () => {
    const saving = (radix: number) =>
      1 - networkUsd(`radix ${radix}, rail-only`) / networkUsd(`radix ${radix}, rail-optimised`)
    expect(saving(64)).toBeCloseTo(0.383, 3)
    expect(saving(128)).toBeCloseTo(0.766, 3)
  })

  it("MRC has three fifths of the switches and two thirds of the optics of three tiers (arXiv 2605.04333)", () => {
    const perEndpoint = (ask: Record<string, unknown>) => {
      const decoded = decodeFabricRequest({ topology: "clos", ...ask })
      if (Result.isFailure(decoded)) throw new Error("not a request")
      const size = sizeFabric(decoded.success)
      if (size.kind === "infeasible") throw new Error(size.reason)
      return [size.switches.total / size.endpoints, size.transceivers / size.endpoints] as const
    }
    const cables = { linksPerCable: 8, fabricLinksPerCable: 8 }
    const planes = perEndpoint({ radix: 512, linkGbps: 100, planes: 8, tiers: 2, endpoints: 131_072, ...cables })
    const tiers = perEndpoint({ radix: 64, linkGbps: 800, tiers: 3, endpoints: 65_536 })
    expect(planes[0] / tiers[0]).toBeCloseTo(3 / 5, 12)
    expect(planes[1] / tiers[1]).toBeCloseTo(2 / 3, 12)
  })
})
