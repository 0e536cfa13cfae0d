/**
 * What is known of the constants before any fit: their meaning, unit, source, prior value and plausible
 * range.
 */
import type {
  ConstantEntry, ConstantsFile, FamilyConstants, ModelConstants
} from "../../models/performance/constants.ts"

function fitted(value: number, least: number, most: number, unit: string, meaning: string): ConstantEntry {
  return { value, unit, meaning, source: "fitted", range: [least, most] }
}

function known(value: number, unit: string, meaning: string, source: string): ConstantEntry {
  return { value, unit, meaning, source }
}

const common: Readonly<Record<keyof ModelConstants, ConstantEntry>> = {
  waveLoss: fitted(0.5, 0.2, 1, "1", "share of the last wave's idle units that is really lost"),
  gemmFixedK: fitted(
    300, 64, 600, "elements", "prologue and epilogue of a bf16 GEMM's tile, as extra length of its inner dimension"
  ),
  kernelGapS: fitted(
    6e-6, 1e-6, 4e-5, "s",
    "cost of an operator beyond arithmetic and bytes: idle between its kernels, small kernels; graphs save part"
  ),
  streamPasses: fitted(
    1.3, 1, 2.5, "1",
    "bytes that streaming operators really move against the least: changes of layout, copies, small operators"
  ),
  genericGemm: fitted(0.9, 0.7, 1, "1", "GEMM of general stacks against those tuned for the silicon"),
  tritonAttention: known(
    0.5, "1", "FlashAttention's first algorithm in Triton against FlashAttention-2", "arXiv 2307.08691, figure 4: on A100"
  ),
  fp8AttentionGain: fitted(1.3, 1, 1.8, "1", "attention in fp8 against bf16"),
  powerCapExponent: fitted(0.6, 0.3, 1, "1", "clock under a power cap = ratio ^ exponent"),
  scaleOut: fitted(0.85, 0.75, 0.95, "1", "share of a NIC's line rate left for payload"),
  collectiveStartS: fitted(15e-6, 5e-6, 5e-5, "s", "launch and synchronisation of one collective or message"),
  hopScaleUpS: fitted(1e-6, 3e-7, 4e-6, "s", "latency a ring step adds to the fabric's own on the scale-up fabric"),
  hopScaleOutS: fitted(10e-6, 3e-6, 1e-4, "s", "latency a ring step adds on the scale-out fabric"),
  contention: fitted(
    0.1, 0.02, 0.5, "1", "slow-down of computation by the communication that runs beside it, as a share of the shorter"
  ),
  plainExchange: known(
    0.53, "1", "rate of a plain all-to-all inside an HBD against a fused dispatcher's",
    "arXiv 2603.07685: 391 against 735 µs on 8 GB200"
  ),
  tensorExposed: fitted(0.5, 0.1, 1, "1", "share of tensor-parallel communication that a tuned stack leaves exposed"),
  pipelineExposed: fitted(0.5, 0.05, 1, "1", "share of an interleaved pipeline's messages left exposed"),
  groupedGemm: fitted(0.85, 0.4, 1, "1", "grouped GEMM of experts against one GEMM of the same size"),
  stragglerPerDoubling: fitted(
    0.003, 1e-4, 0.02, "1", "loss to the slowest of many accelerators, per doubling of their number beyond 8"
  ),
  stepOverheadS: fitted(0.01, 0.001, 0.1, "s", "host work once a step: data, gradient norm, logging")
}

interface FamilyPrior {
  readonly gemm: readonly [bf16: number, fp8: number, fp4: number]
  readonly arrayDepth: number
  readonly attention: readonly [forward: number, backward: number]
  readonly flash2: readonly [share: number, source: string]
  readonly memory: readonly [share: number, source: string]
  readonly scaleUp: readonly [share: number, source: string]
  readonly wattsPerTflop: readonly [watts: number, source: string]
  /** for families that nobody measured: whose figures these are */
  readonly derivedFrom: string | null
}

function familyEntries(prior: FamilyPrior): Readonly<Record<keyof FamilyConstants, ConstantEntry>> {
  const source = prior.derivedFrom
  const entry = (value: number, least: number, most: number, meaning: string): ConstantEntry =>
    source === null ? fitted(value, least, most, "1", meaning) : known(value, "1", meaning, source)
  const [bf16, fp8, fp4] = prior.gemm
  return {
    gemmBf16: entry(bf16, 0.4, 0.95, "sustained share of the bf16 peak in a large GEMM"),
    gemmFp8: entry(fp8, 0.4, 0.95, "sustained share of the fp8 (or int8) peak in a large GEMM"),
    gemmFp4: entry(fp4, 0.4, 0.95, "sustained share of the fp4 peak in a large GEMM"),
    arrayDepth: known(
      prior.arrayDepth, "elements", "depth of the systolic array that a GEMM fills once per tile; 0: the silicon has none",
      prior.arrayDepth === 0 ? "tensor cores" : "vendor's documentation"
    ),
    attentionForward: entry(prior.attention[0], 0.2, 0.75, "flash attention forward, share of the bf16 peak"),
    attentionBackward: entry(prior.attention[1], 0.15, 0.7, "flash attention backward, share of the bf16 peak"),
    flash2: known(prior.flash2[0], "1", "FlashAttention-2 against the vendor's kernels", prior.flash2[1]),
    memory: known(
      prior.memory[0], "1", "sustained share of the memory bandwidth in a streaming kernel", prior.memory[1]
    ),
    scaleUp: known(prior.scaleUp[0], "1", "payload share of the scale-up line rate", prior.scaleUp[1]),
    wattsPerTflop: known(
      prior.wattsPerTflop[0], "W per TFLOP/s", "power per bf16 peak of the family's uncapped member; 0: no cap known",
      prior.wattsPerTflop[1]
    )
  }
}

const triad =
  "STREAM triad, Azure AI-benchmarking-guide: 1.70 of 2.04 TB/s (A100), 2.97 of 3.35 (H100), 4.15 of 4.80 (H200)"
const mamf = "achievable matmul FLOP/s of github.com/stas00/ml-engineering, attention and links from Blackwell"
const azureMi300 = "Azure AI-benchmarking-guide, ND MI300X v5"
const noCap = "no capped member"
const flash2: readonly [number, string] = [
  0.57, "FlashAttention-2 against cuDNN and FlashAttention-3 on H100, causal, head of 128: arXiv 2407.08608, figures 5 and 6"
]
const flash2Assumed: readonly [number, string] = [0.57, "as on Hopper"]
const oneKernel: readonly [number, string] = [1, "all stacks run kernels as good"]

const families: Readonly<Record<string, Readonly<Record<keyof FamilyConstants, ConstantEntry>>>> = {
  ampere: familyEntries({
    gemm: [0.85, 0.85, 0.85], arrayDepth: 0, attention: [0.6, 0.5], flash2: oneKernel, memory: [0.83, triad],
    scaleUp: [0.77, "NCCL all-reduce on 8 A100: 231 of 300 GB/s (Azure AI-benchmarking-guide)"],
    wattsPerTflop: [1.282, "A100 SXM: 400 W, 312 TFLOP/s"], derivedFrom: null
  }),
  hopper: familyEntries({
    gemm: [0.76, 0.68, 0.68], arrayDepth: 0, attention: [0.62, 0.5], flash2, memory: [0.87, triad],
    scaleUp: [0.82, "NCCL ring on 8 H100: 370 of 450 GB/s (nccl-tests issue 212)"],
    wattsPerTflop: [0.708, "H100 SXM: 700 W, 989 TFLOP/s"], derivedFrom: null
  }),
  blackwell: familyEntries({
    gemm: [0.75, 0.7, 0.6], arrayDepth: 0, attention: [0.6, 0.5], flash2: flash2Assumed, memory: [0.87, "taken from Hopper"],
    scaleUp: [0.76, "NCCL ring on 4 GB200: 680 of 900 GB/s (Azure AI-benchmarking-guide)"],
    wattsPerTflop: [0.56, "GB300: 1,400 W, 2,500 TFLOP/s"], derivedFrom: null
  }),
  tpu: familyEntries({
    gemm: [0.85, 0.85, 0.85], arrayDepth: 128, attention: [0.5, 0.4], flash2: oneKernel, memory: [0.87, "taken from Hopper"],
    scaleUp: [0.85, "assumed: direct links, no switch"],
    wattsPerTflop: [0, noCap], derivedFrom: null
  }),
  "tpu-v6": familyEntries({
    gemm: [0.7, 0.5, 0.7], arrayDepth: 256, attention: [0.5, 0.4], flash2: oneKernel, memory: [0.87, "taken from Hopper"],
    scaleUp: [0.85, "assumed: direct links, no switch"],
    wattsPerTflop: [0, noCap], derivedFrom: null
  })
}

/**
 * Families without a training run in the data: the share of peak their GEMMs reach, and the rest from a
 * neighbour.
 */
const derived: Readonly<Record<string, readonly [gemm: readonly [number, number, number], source: string]>> = {
  rubin: [[0.7, 0.65, 0.6], "derived from Blackwell"],
  cdna3: [[0.55, 0.43, 0.43], `${mamf}: MI300X 51 %, MI325X 60 % in bf16; fp8 of ${azureMi300}: 1.02 to 1.16 of 2.61 PFLOP/s`],
  cdna4: [[0.68, 0.65, 0.6], `${mamf}: MI355X 68 % in bf16`],
  cdna5: [[0.68, 0.65, 0.6], "derived from CDNA 4"],
  "cdna-next": [[0.68, 0.65, 0.6], "derived from CDNA 4"],
  trainium: [[0.65, 0.6, 0.6], "derived from TPU: a systolic array of the same kind"],
  gaudi: [[0.74, 0.77, 0.7], `${mamf}: Gaudi 3 74 % in bf16, 77 % in fp8`],
  ascend: [[0.65, 0.6, 0.6], "derived from Hopper, a tenth less"],
  default: [[0.65, 0.6, 0.55], "the lower end of the measured families"]
}

/** Streams and links of derived families that somebody measured. */
const derivedRates: Readonly<Record<string, Partial<Pick<FamilyPrior, "memory" | "scaleUp">>>> = {
  cdna3: {
    memory: [0.77, `STREAM triad, ${azureMi300}: 4.09 of 5.3 TB/s`],
    scaleUp: [0.71, `RCCL all-reduce on 8, ${azureMi300}: 317 of 448 GB/s`]
  }
}

/** Derived families that multiply in systolic arrays, by the depth of these. */
const derivedArrays: Readonly<Record<string, number>> = { trainium: 128, gaudi: 256 }

function derivedFamilies(): ConstantsFile["families"] {
  return Object.fromEntries(Object.entries(derived).map(([name, [gemm, derivedFrom]]) => [name, familyEntries({
    gemm, arrayDepth: derivedArrays[name] ?? 0, attention: [0.5, 0.35], flash2: flash2Assumed,
    memory: [0.85, "as measured on other HBM"], scaleUp: [0.8, "as measured on NVLink"], wattsPerTflop: [0, noCap],
    derivedFrom, ...derivedRates[name]
  })]))
}

/** The constants file before any fit. */
export const priors: ConstantsFile = { common, families: { ...families, ...derivedFamilies() } }
