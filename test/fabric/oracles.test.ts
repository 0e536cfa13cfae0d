import { describe, expect, it } from "vitest"
import { readOracles } from "../../src/fabric/docs-tables.ts"
import type { Comparison, OracleRow, OracleSource } from "../../src/fabric/oracle.ts"
import { compareScaleOut, compareScaleUp } from "../../src/fabric/oracle.ts"

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
})
