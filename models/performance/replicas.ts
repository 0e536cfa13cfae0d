/** Groups of ranks that hold the same parameters, and how sharded state divides them. */
import type { Group } from "../collectives/link.ts"

/** All replicas; those that share one copy's state (`within`); one of each such set (`across`). */
export interface ReplicaGroups {
  readonly all: Group
  readonly within: Group
  readonly across: Group
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

export interface MutableReplicaGroups {
  readonly all: Mutable<Group>
  readonly within: Mutable<Group>
  readonly across: Mutable<Group>
}

/** Sharding over all replicas; over those of one HBD; any larger number: over that many ranks. */
export const shardAll = 0
export const shardInside = 1

export function emptyReplicas(): MutableReplicaGroups {
  const group = (): Mutable<Group> => ({ inside: 1, outside: 1, span: 1 })
  return { all: group(), within: group(), across: group() }
}

/**
 * Fills `groups` for `inside` × `outside` replicas whose state is sharded over `shardRanks` (or a code above)
 * of them.
 */
export function setReplicas(
  groups: MutableReplicaGroups, inside: number, outside: number, span: number, shardRanks: number
): void {
  const { all, within, across } = groups
  all.inside = inside
  all.outside = outside
  all.span = span
  const ranks = shardRanks === shardAll ? inside * outside : shardRanks === shardInside ? inside : shardRanks
  within.inside = Math.min(inside, ranks)
  within.outside = Math.max(1, Math.min(outside, ranks / within.inside))
  within.span = (span * within.inside * within.outside) / (inside * outside)
  across.inside = inside / within.inside
  across.outside = outside / within.outside
  across.span = span
}
