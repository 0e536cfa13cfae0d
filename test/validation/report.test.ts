import { readFileSync } from "node:fs"
import { Schema } from "effect"
import { beforeAll, describe, expect, it } from "vitest"
import type { Accelerator } from "../../models/hardware/accelerator.ts"
import { constantsFor } from "../../models/performance/constants.ts"
import { completeMeasurements, measuredPrecision, Measurements } from "../../src/validation/measurement.ts"
import type { Measurement } from "../../src/validation/measurement.ts"
import { plotErrors, plotPredictions } from "../../src/validation/plots.ts"
import type { ValidationReport } from "../../src/validation/report.ts"
import { validateMeasurements } from "../../src/validation/report.ts"
import { formatReport } from "../../src/validation/table.ts"

const readJson = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../instances/${path}`, import.meta.url), "utf8"))

const { entries } = readJson("catalog/accelerators.json") as { readonly entries: ReadonlyArray<Accelerator> }
const rows = Schema.decodeUnknownSync(Measurements)(readJson("published/training.json"))
const first = (source: string): Measurement => rows.find((row) => row.source.startsWith(source))!
const validate = (measurements: ReadonlyArray<Measurement>) => validateMeasurements(measurements, entries, constantsFor)

describe("validation of the published runs", () => {
  let report: ValidationReport
  beforeAll(() => {
    report = validate(rows)
  })

  it("predicts or names every row", () => {
    expect(report.rows.length + report.left.length).toBe(rows.length)
    expect(new Set([...report.rows, ...report.left].map(({ id }) => id)).size).toBe(rows.length)
    for (const { reason } of report.left) expect(reason.length).toBeGreaterThan(5)
  })

  it("holds the accuracy that the documentation states", () => {
    const { byQuality, bySource } = report.summary
    expect(byQuality["A, step time"]!.p90AbsError).toBeLessThan(0.12)
    expect(bySource["Korthikanti 2022 Table 5"]!.maxAbsError).toBeLessThan(0.07)
    expect(byQuality["A, step time"]!.n).toBe(340)
    expect(byQuality["A, step time"]!.medianAbsError).toBeLessThan(0.04)
    expect(byQuality["A, step time"]!.meanAbsError).toBeLessThan(0.06)
    expect(byQuality["B, step time"]!.medianAbsError).toBeLessThan(0.1)
    expect(bySource["Korthikanti 2022 Table 5"]!.meanAbsError).toBeLessThan(0.03)
  })

  it("orders the choices of a cluster as measurements do", () => {
    expect(report.ranking.medianTau).toBeGreaterThanOrEqual(0.8)
  })

  it("fits every run that ran", () => {
    expect(report.memory.unfit).toEqual([])
  })

  it("costs little to follow", () => {
    expect(report.ranking.medianRegret).toBeLessThanOrEqual(0.01)
    expect(report.ranking.worstRegret).toBeLessThanOrEqual(0.05)
  })

  it("predicts measured peak memory within 3 %", () => {
    expect(report.memory.n).toBe(16)
    expect(report.memory.worstError).toBeLessThan(0.03)
  })

  it("explains every row down to its seconds", () => {
    for (const { breakdown, predictedS } of report.rows) {
      expect(breakdown.reduce((sum, { timeS }) => sum + timeS, 0) / predictedS).toBeCloseTo(1, 9)
    }
  })

  it("says what it chose where the source is silent", () => {
    const sweep = report.rows.filter(({ source }) => source.startsWith("vTrain"))
    for (const { chosen } of sweep) expect(chosen.join()).toContain("recompute")
  })

  it("prints and draws", () => {
    expect(formatReport(report)).toContain("Korthikanti 2022 Table 5")
    expect(plotPredictions(report.rows)).toMatch(/^<svg/)
    expect(plotErrors(report.rows)).toContain("MosaicML")
  })
})

describe("silicon that was not fitted", () => {
  it("is predicted within 10 % of MLPerf's runs", () => {
    const { rows: [row], left } = validate(Schema.decodeUnknownSync(Measurements)(readJson("published/mlperf.json")))
    expect(left).toEqual([])
    expect(row!.evidence).toBe("derived")
    expect(Math.abs(row!.error)).toBeLessThan(0.1)
  })
})

describe("a row that cannot be predicted", () => {
  it("is named with its reason", () => {
    const row = first("Korthikanti")
    const { left } = validate([
      { ...row, id: "1", accelerator: "V100" },
      { ...row, id: "2", tp: 3, dp: null },
      { ...row, id: "3", measured: { ...row.measured, stepTimeS: null, tflopsPerGpu: null, mfu: null } },
      { ...row, id: "4", model: { ...row.model, hybrid: "Mamba" } },
      { ...row, id: "5", precision: "tf32" }
    ])
    expect(left.map(({ reason }) => reason)).toEqual([
      "unknown accelerator V100", "no mapping fills its accelerators, or ep · etp does not divide tp · cp · dp",
      "no step time, TFLOP/s or MFU stated", "hybrid model: Mamba", "unknown precision tf32"
    ])
  })

  it("accepts a catalogue id for an accelerator", () => {
    const row = first("Korthikanti")
    const [named, byId, spelt] = validate([
      row, { ...row, id: "id", accelerator: "a100-80-sxm" }, { ...row, id: "spelt", accelerator: "NVIDIA A100 80GB SXM" }
    ]).rows
    expect(byId!.predictedS).toBe(named!.predictedS)
    expect(spelt!.predictedS).toBe(named!.predictedS)
  })

  it("gets the fastest degrees that fit where its source states none, and says which", () => {
    const row = first("Korthikanti")
    const [stated, open] = validate([row, { ...row, id: "open", tp: null, pp: null, dp: null }]).rows
    expect(open!.predictedS).toBeLessThanOrEqual(stated!.predictedS)
    expect(open!.chosen.join()).toMatch(/tp = \d+,pp = \d+,dp = \d+/)
  })

  it("runs on silicon that nobody measured by constants marked as derived", () => {
    const row = first("SimuMax")
    const { rows: [measured, derived], summary } = validate([row, { ...row, id: "amd", accelerator: "MI355X" }])
    expect([measured!.evidence, derived!.evidence]).toEqual(["fitted", "derived"])
    expect(summary.byEvidence["derived"]!.n).toBe(1)
    expect(derived!.predictedS).toBeGreaterThan(0)
  })

  it("is slower on capped silicon", () => {
    const row = first("SimuMax")
    const [full, capped] = validate([
      { ...row, accelerator: "H100" }, { ...row, id: "capped", accelerator: "H100-96GB-500W" }
    ]).rows
    expect(capped!.predictedS).toBeGreaterThan(1.1 * full!.predictedS)
  })
})

describe("the file format", () => {
  it("refuses a row that lacks a field or names a wrong precision", () => {
    const row = first("Korthikanti")
    const decode = Schema.decodeUnknownResult(Measurements)
    const { gpus: _, ...rest } = row
    expect(decode([rest])._tag).toBe("Failure")
    expect(decode([{ ...row, gpus: 0 }])._tag).toBe("Failure")
    expect(decode([row])._tag).toBe("Success")
  })

  it("takes what a row leaves out as not stated", () => {
    const { id, source, model, accelerator, gpus, precision, seq, measured: { stepTimeS } } = first("Korthikanti")
    const bare = { id, source, model, accelerator, gpus, precision, seq, gbs: 4, measured: { stepTimeS } }
    const [row] = Schema.decodeUnknownSync(Measurements)(completeMeasurements([bare]))
    expect(row).toMatchObject({ tp: null, sharding: { stage: null }, recompute: { kind: null }, notes: "" })
    expect(validate([row!]).rows).toHaveLength(1)
  })

  it("reads a recipe that it does not know by its width", () => {
    expect(["BF16", "fp8-new-recipe", "mxfp4", "fp32"].map(measuredPrecision)).toEqual(["bf16", "fp8", "nvfp4", null])
  })
})
