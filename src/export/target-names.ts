/** The targets of `export` by name: what the command line tells of them without loading any. */
export const exportTargets = [
  "megatron", "torchtitan", "calculon", "astra-sim", "slurm", "graphviz", "graphml", "netbox", "floor", "csv", "xlsx"
] as const

export type ExportTarget = typeof exportTargets[number]
