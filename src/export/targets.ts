/** What writes each target: a new one is a file of this folder, its name in target-names.ts, and a line here. */
import { exportAstraSim } from "./astra-sim.ts"
import { exportCalculon } from "./calculon.ts"
import { exportCsv } from "./csv.ts"
import { oneLine } from "./escaping.ts"
import type { Exported, ExportSource } from "./export-source.ts"
import { exportFloor } from "./floor.ts"
import { exportGraphml } from "./graphml.ts"
import { exportGraphviz } from "./graphviz.ts"
import { exportMegatron } from "./megatron.ts"
import { exportNetbox } from "./netbox.ts"
import { exportSlurm } from "./slurm.ts"
import type { ExportTarget } from "./target-names.ts"
import { exportTorchtitan } from "./torchtitan.ts"

type Writer = (source: ExportSource) => Exported | Promise<Exported>

const writers: Readonly<Record<ExportTarget, Writer>> = {
  megatron: exportMegatron,
  torchtitan: exportTorchtitan,
  calculon: exportCalculon,
  "astra-sim": exportAstraSim,
  slurm: exportSlurm,
  graphviz: exportGraphviz,
  graphml: exportGraphml,
  netbox: exportNetbox,
  floor: exportFloor,
  csv: exportCsv,
  // a spreadsheet writer is a megabyte that the others need not load
  xlsx: async (source) => (await import("./xlsx.ts")).exportXlsx(source)
}

/** Targets that say how a model is mapped: of a programme one run's mapping. */
const mapped: ReadonlySet<ExportTarget> = new Set(["megatron", "torchtitan", "calculon", "astra-sim", "slurm"])

export async function exportPlan(target: ExportTarget, source: ExportSource): Promise<Exported> {
  const { files, remarks } = await writers[target](source)
  const { programme, scenario: { workload } } = source.recommendation
  const ofOne = programme === null || !mapped.has(target)
    ? []
    : [`of ${programme.runs.length} runs the mapping of ${workload.name} alone; --run NAME writes another's`]
  return { files, remarks: [...ofOne, ...remarks].map(oneLine) }
}
