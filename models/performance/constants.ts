/**
 * The constants of the performance model: one data file, each with meaning, unit and source, per family where
 * silicon differs.
 */
import data from "./constants.json" with { type: "json" }

/** Constants of one silicon family; efficiencies are shares of the datasheet figure. */
export interface FamilyConstants {
  readonly gemmBf16: number
  readonly gemmFp8: number
  readonly gemmFp4: number
  /** of a systolic array, which a GEMM fills once per tile; 0: the silicon has none */
  readonly arrayDepth: number
  readonly attentionForward: number
  readonly attentionBackward: number
  /** FlashAttention-2 against the vendor's kernels */
  readonly flash2: number
  readonly memory: number
  /** of a scale-up link, protocol overhead deducted */
  readonly scaleUp: number
  /** power per bf16 TFLOP/s at which the silicon is not capped, W */
  readonly wattsPerTflop: number
}

/** Constants that all families share. */
export interface ModelConstants {
  readonly waveLoss: number
  /** prologue and epilogue of a bf16 GEMM's tile, as extra length of its inner dimension */
  readonly gemmFixedK: number
  readonly kernelGapS: number
  readonly streamPasses: number
  readonly fp8AttentionGain: number
  readonly powerCapExponent: number
  readonly scaleOut: number
  readonly collectiveStartS: number
  readonly hopScaleUpS: number
  readonly hopScaleOutS: number
  readonly contention: number
  readonly plainExchange: number
  readonly tensorExposed: number
  readonly pipelineExposed: number
  readonly groupedGemm: number
  readonly genericGemm: number
  readonly tritonAttention: number
  readonly stragglerPerDoubling: number
  readonly stepOverheadS: number
}

export interface Constants {
  readonly common: ModelConstants
  readonly family: FamilyConstants
  /**
   * `fitted` on measurements of this family, or `derived` from its datasheet and its nearest measured family
   */
  readonly evidence: "fitted" | "derived"
}

/** A constant as the data file keeps it. */
export interface ConstantEntry {
  readonly value: number
  readonly unit: string
  readonly meaning: string
  readonly source: string
  /** of a fitted constant: what is physically plausible, [least, most] */
  readonly range?: ReadonlyArray<number>
}

export interface ConstantsFile {
  readonly common: Readonly<Record<keyof ModelConstants, ConstantEntry>>
  readonly families: Readonly<Record<string, Readonly<Record<keyof FamilyConstants, ConstantEntry>>>>
}

export const constantsFile: ConstantsFile = data

function values<Key extends string>(entries: Readonly<Record<Key, ConstantEntry>>): Record<Key, number> {
  return Object.fromEntries(
    Object.entries<ConstantEntry>(entries).map(([name, entry]) => [name, entry.value])
  ) as Record<Key, number>
}

/**
 * The constants for a silicon family; one that the file does not name gets those of `default`, marked as
 * derived.
 */
export function constantsFor(family: string, file: ConstantsFile = constantsFile): Constants {
  const entries = file.families[family] ?? file.families["default"]
  if (entries === undefined) throw new Error("the constants file has no `default` family")
  const fitted = Object.values(entries).some((entry) => entry.source === "fitted")
  return { common: values(file.common), family: values(entries), evidence: fitted ? "fitted" : "derived" }
}
