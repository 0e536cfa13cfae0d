import { describe, expect, it } from "vitest"
import { constantsFor } from "../../../models/performance/constants.ts"
import type { Execution } from "../../../models/performance/execution.ts"
import { modernExecution } from "../../../models/performance/execution.ts"
import { explainStep } from "../../../models/performance/explanation.ts"
import type { StepExplanation } from "../../../models/performance/explanation.ts"
import { gemmTime } from "../../../models/performance/kernels.ts"
import { sustainedSilicon } from "../../../models/performance/silicon.ts"
import type { Mapping } from "../../../models/performance/mapping.ts"
import { deepseekV3, dense405b, gpt3, h100, mapping, workload } from "./subjects.ts"

const constants = constantsFor("hopper")
const dense = mapping({ vpp: 1 })
const explain = (
  change: Partial<Execution>, subject: Mapping = dense, work = workload(gpt3, 1536, 2048)
): StepExplanation => explainStep(work, h100, subject, constants, { ...modernExecution, ...change })
const seconds = ({ breakdown }: StepExplanation, name: string): number =>
  breakdown.find((part) => part.name.startsWith(name))!.timeS

describe("a stack's facts move the step", () => {
  it("tensor-parallel communication: overlapped in chunks, beside the backward pass, or not", () => {
    const [none, backward, pipelined] = (["none", "backward", "pipelined"] as const)
      .map((tensorOverlap) => seconds(explain({ tensorOverlap }), "tensor parallel"))
    expect(backward!).toBeLessThan(0.8 * none!)
    expect(pipelined!).toBeLessThan(backward!)
  })

  it("attention kernels: the vendor's before FlashAttention-2 before Triton's", () => {
    const [vendor, flash2, triton] = (["vendor", "flash2", "triton"] as const)
      .map((attention) => explain({ attention }).stepTimeS)
    expect(flash2!).toBeGreaterThan(vendor!)
    expect(triton!).toBeGreaterThan(flash2!)
  })

  it("a ring's steps copy and merge beside what they send", () => {
    const subject = mapping({ tp: 4, cp: 2, pp: 1, dp: 64, sharding: { stage: 3, group: "all" } })
    const ring = explain({ contextExchange: "ring" }, subject, workload(dense405b, 512, 8192))
    // 36 bytes a step, both ways, per element of a rank's queries: 4,096 tokens, 32 heads of 128; 2 steps a layer
    const merged = 36 * 4096 * 32 * 128 * 2 * 126 * 8 / (h100.accelerator.memoryGBps * 1e9)
    expect(seconds(ring, "context parallel")).toBeGreaterThan(merged)
  })

  it("gradients all-reduced whole in fp32 cost about four times as much as scattered in bf16", () => {
    const wide = seconds(explain({ wideGradients: true, fused: false }), "data parallel")
    const scattered = explain({ fused: false })
    expect(wide).toBeGreaterThan(2 * seconds(scattered, "data parallel"))
    expect(seconds(explain({ eager: true }), "optimiser")).toBeGreaterThan(seconds(explain({}), "optimiser"))
  })

  it("ranks that share an expert gather its tokens", () => {
    const subject = mapping({ tp: 4, ep: 8, etp: 1, pp: 8, dp: 16 })
    const work = workload(deepseekV3, 4096)
    const whole = seconds(explain({}, subject, work), "expert parallel")
    expect(seconds(explain({}, { ...subject, etp: 4 }, work), "expert parallel")).toBeGreaterThan(whole)
  })
})

describe("a stack's facts move the memory", () => {
  const sharded = mapping({
    tp: 1, pp: 1, dp: 1024, sequenceParallel: false, recompute: "full", sharding: { stage: 3, group: "all" }
  })
  const work = workload(dense405b, 1024, 8192)
  const memory = (change: Partial<Execution>) => explain(change, sharded, work).memory

  it("ZeRO-3 gathers layers or weights", () => {
    expect(memory({ shardedUnit: "weight" }).buffersGB).toBeLessThan(0.7 * memory({ shardedUnit: "layer" }).buffersGB)
  })

  it("logits are of no account beside a layer's working set, unless they are more", () => {
    const narrow = memory({ logitBytes: 2 }).activationsGB
    expect(memory({ logitBytes: 6 }).activationsGB - narrow).toBeLessThan((4 * 8192 * dense405b.vocab) / 1e9)
  })

  it("master weights whole or their remainder", () => {
    const [whole, remainder] = ([12, 10] as const).map((stateBytes) => memory({ stateBytes }).optimizerGB)
    expect(remainder! / whole!).toBeCloseTo(10 / 12, 6)
  })
})

describe("a GEMM's tile", () => {
  it("has a fixed cost in time: narrower operands gain less than their rate", () => {
    const { common, family } = constants
    const [bf16, fp8] = (["bf16", "fp8"] as const).map((precision) => {
      const silicon = sustainedSilicon(h100.accelerator, precision, modernExecution, common, family)
      return gemmTime(8192, 8192, 2048, 1, 1e15, silicon.operandBytes, 2, silicon, common)
    })
    // at one and the same rate: only the tile's cost differs
    expect(fp8! / bf16!).toBeCloseTo((2048 + 2 * common.gemmFixedK) / (2048 + common.gemmFixedK), 6)
  })
})
