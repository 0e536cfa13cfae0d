/** The targets of `export`: a new one is a file of this folder and a line here. */
import { exportAstraSim } from "./astra-sim.ts"
import { exportCalculon } from "./calculon.ts"
import { exportCsv } from "./csv.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { exportGraphml } from "./graphml.ts"
import { exportGraphviz } from "./graphviz.ts"
import { exportMegatron } from "./megatron.ts"
import { exportNetbox } from "./netbox.ts"
import { exportSlurm } from "./slurm.ts"
import { exportTorchtitan } from "./torchtitan.ts"

export type ExportTarget = keyof typeof targets

const targets = {
  megatron: exportMegatron,
  torchtitan: exportTorchtitan,
  calculon: exportCalculon,
  "astra-sim": exportAstraSim,
  slurm: exportSlurm,
  graphviz: exportGraphviz,
  graphml: exportGraphml,
  netbox: exportNetbox,
  csv: exportCsv,
  // a spreadsheet writer is a megabyte that the others need not load
  xlsx: async (source: ExportSource): Promise<Exported> => (await import("./xlsx.ts")).exportXlsx(source)
} as const

export const exportTargets = Object.keys(targets) as ReadonlyArray<ExportTarget>

export async function exportPlan(target: ExportTarget, source: ExportSource): Promise<Exported> {
  return targets[target](source)
}
