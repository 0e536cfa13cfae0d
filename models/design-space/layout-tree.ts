/**
 * The tree that a search of layouts walks, with one workload or several: HBD blocks, each behind an ideal scale-out, envelopes of
 * the classes of scale-out behind it, the classes, and the best candidate of a class.
 */
import { worstValue } from "../../solvers/contract/gap.ts"
import type { Expansion, SearchSpace } from "../../solvers/contract/search-space.ts"
import type { Mapping } from "../performance/mapping.ts"
import type { HbdBlock } from "./blocks.ts"
import type { ClassUse } from "./fabric-class.ts"
import type { Stopped } from "./stopped.ts"

/** A layout (block, class, HBDs) with a mapping. Indices are positions in the space's lists. */
export interface Candidate {
  readonly block: number
  readonly fabric: number
  readonly hbds: number
  readonly mapping: Mapping
  /** of a programme, those of the runs after the first; absent with one workload */
  readonly further?: ReadonlyArray<Mapping>
}

export type LayoutNode =
  | { readonly kind: "root" }
  | { readonly kind: "block"; readonly block: number }
  /** a block with its scale-out still open: what of it is no better than `bound`, after so many slices that were */
  | { readonly kind: "ideal"; readonly block: number; readonly bound: number; readonly slice: number }
  /** the same of an envelope of its classes, of which those are left that reach `floor` */
  | {
    readonly kind: "envelope"; readonly block: number; readonly envelope: number; readonly bound: number; readonly floor: number
  }
  /** what of a class is no better than `bound` behind an ideal scale-out, and reaches `floor` */
  | {
    readonly kind: "class"; readonly block: number; readonly fabric: number; readonly bound: number; readonly floor: number
  }
  | { readonly kind: "leaf"; readonly candidate: Candidate }

export type IdealNode = Extract<LayoutNode, { readonly kind: "ideal" }>
export type EnvelopeNode = Extract<LayoutNode, { readonly kind: "envelope" }>
export type ClassNode = Extract<LayoutNode, { readonly kind: "class" }>

/** A candidate judged: what it does and uses. */
export interface Judged {
  readonly value: number
  readonly stepS: number
  readonly memoryBytes: number
  readonly classUse: ClassUse
}

/** Works out what is below a node. */
export interface NodeSearch {
  branchBlock(block: number, expansion: Expansion<Candidate>): Iterable<LayoutNode>
  branchIdeal(node: IdealNode, expansion: Expansion<Candidate>): Iterable<LayoutNode>
  branchEnvelope(node: EnvelopeNode, expansion: Expansion<Candidate>): Iterable<LayoutNode>
  searchClass(node: ClassNode, expansion: Expansion<Candidate>): Iterable<LayoutNode>
}

/** The children of a node among so many blocks. */
export function branchNode(
  blocks: number, search: NodeSearch, node: LayoutNode, expansion: Expansion<Candidate>
): Iterable<LayoutNode> {
  switch (node.kind) {
    case "root":
      return Array.from({ length: blocks }, (_, block) => ({ kind: "block", block }))
    case "block":
      return search.branchBlock(node.block, expansion)
    case "ideal":
      return search.branchIdeal(node, expansion)
    case "envelope":
      return search.branchEnvelope(node, expansion)
    case "class":
      return search.searchClass(node, expansion)
    case "leaf":
      return []
  }
}

/** A space of layouts by what it makes of its blocks and candidates. */
export abstract class LayoutTree implements SearchSpace<LayoutNode, Candidate> {
  abstract readonly sense: SearchSpace<LayoutNode, Candidate>["sense"]
  abstract readonly blocks: ReadonlyArray<HbdBlock>
  protected abstract readonly search: NodeSearch
  /** once true, no candidate need be worked out any more */
  protected abstract readonly stopped: Stopped

  /** Once `stopped`, perhaps null. */
  abstract judge(candidate: Candidate, stopped?: Stopped): Judged | null
  abstract compare(a: Candidate, b: Candidate): number

  /**
   * Of all that stands on the block: level 0 by its arithmetic alone, level 1 by the work of its layers, level 2 by its pipelines
   * where that pays.
   */
  protected abstract boundBlock(block: number, level: number): number

  root(): LayoutNode {
    return { kind: "root" }
  }

  leaf(node: LayoutNode): Candidate | null {
    return node.kind === "leaf" ? node.candidate : null
  }

  levels(node: LayoutNode): number {
    return node.kind === "block" ? 3 : 1
  }

  evaluate(candidate: Candidate): number | null {
    return this.judge(candidate, this.stopped)?.value ?? null
  }

  bound(node: LayoutNode, level: number): number {
    switch (node.kind) {
      case "root":
        return -worstValue(this.sense)
      case "block":
        return this.boundBlock(node.block, level)
      case "ideal":
      case "envelope":
      case "class":
        return node.bound
      case "leaf":
        return this.evaluate(node.candidate) ?? worstValue(this.sense)
    }
  }

  branch(node: LayoutNode, expansion: Expansion<Candidate>): Iterable<LayoutNode> {
    return branchNode(this.blocks.length, this.search, node, expansion)
  }
}
