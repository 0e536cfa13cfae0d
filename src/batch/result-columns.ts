/** The columns of a result that come from its recommendation: name, type, meaning and where each is read. */
import type { Recommendation, ResourceUse } from "../../models/design-space/recommendation.ts"
import { workloadsOf } from "../../models/design-space/scenario.ts"
import { reasonOf } from "./reason.ts"

export type Cell = string | number | boolean | null

export interface ResultColumn {
  readonly name: string
  readonly type: "VARCHAR" | "DOUBLE" | "BIGINT" | "BOOLEAN" | "JSON"
  readonly meaning: string
  readonly of: (answer: Recommendation) => Cell
}

type Layout = NonNullable<Recommendation["layout"]>
type Mapping = NonNullable<Recommendation["mapping"]>

const column = (
  name: string, type: ResultColumn["type"], meaning: string, of: ResultColumn["of"]
): ResultColumn => ({ name, type, meaning, of })

const ofLayout = (name: string, type: ResultColumn["type"], meaning: string, of: (layout: Layout) => Cell | undefined) =>
  column(name, type, meaning, ({ layout }) => layout === null ? null : of(layout) ?? null)

const ofMapping = (name: string, type: ResultColumn["type"], meaning: string, of: (mapping: Mapping) => Cell) =>
  column(name, type, meaning, ({ mapping }) => mapping === null ? null : of(mapping))

/** A row's use over all sites; null without a layout. */
const used = ({ resources }: Recommendation, name: string): number | null => {
  const rows = resources.filter((row: ResourceUse) => row.name === name || row.name.startsWith(`${name} at `))
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + row.used, 0)
}

const bindingRows = ({ resources }: Recommendation): string | null => {
  const full = resources.filter(({ used, limit }) => limit !== null && used >= 0.98 * limit).map(({ name }) => name)
  return full.length === 0 ? null : full.join(", ")
}

export const resultColumns: ReadonlyArray<ResultColumn> = [
  column("status", "VARCHAR", "optimal, feasible, infeasible, noSolution; invalid: no scenario; failed: a defect", (r) => r.status),
  column("stopped_by", "VARCHAR", "limit that ended the search: gap, time, evaluations; null: it ended by itself", (r) => r.limit),
  column("reason", "VARCHAR", "why there is no plan; null: there is one", reasonOf),
  column("model", "VARCHAR", "name of the model; of several, with commas between",
    (r) => workloadsOf(r.scenario).map(({ model }) => model.name).join(", ")),
  column("objective", "VARCHAR", "name of the objective", (r) => r.objective.name),
  column("sense", "VARCHAR", "maximize or minimize", (r) => r.objective.sense),
  column("unit", "VARCHAR", "of value and bound", (r) => r.objective.unit),
  column("value", "DOUBLE", "objective of the plan", (r) => r.objective.value),
  column("bound", "DOUBLE", "no candidate is better", (r) => r.objective.bound),
  column("gap", "DOUBLE", "how far value may be from the best, 0–1", (r) => r.objective.gap),
  ofLayout("accelerator", "VARCHAR", "id of the accelerator", (l) => l.accelerator),
  ofLayout("host", "VARCHAR", "id of the node or tray", (l) => l.host),
  ofLayout("hbd_size", "BIGINT", "accelerators of one HBD", (l) => l.hbd.size),
  ofLayout("hbd_topology", "VARCHAR", "of the scale-up fabric", (l) => l.hbd.topology),
  ofLayout("hbd_tiers", "BIGINT", "tiers of scale-up switches, 0: direct links", (l) => l.hbd.tiers),
  ofLayout("scale_up_gbytes_per_s", "DOUBLE", "of one accelerator, one direction, GB/s", (l) => l.hbd.GBpsPerAccelerator),
  ofLayout("scale_out_topology", "VARCHAR", "of the scale-out fabric; null: one HBD", (l) => l.scaleOut?.topology),
  ofLayout("scale_out_tiers", "BIGINT", "tiers of scale-out switches", (l) => l.scaleOut?.tiers),
  ofLayout("scale_out_gbits_per_s", "DOUBLE", "of one accelerator, one direction, Gb/s", (l) => l.scaleOut?.GbpsPerAccelerator),
  ofLayout("scale_out_switch", "VARCHAR", "id of the switch", (l) => l.scaleOut?.switch),
  ofLayout("scale_out_switches", "BIGINT", "number of switches", (l) => l.scaleOut?.switches.total),
  ofLayout("hbds", "BIGINT", "number of HBDs", (l) => l.hbds),
  ofLayout("accelerators", "BIGINT", "number of accelerators", (l) => l.accelerators),
  ofLayout("racks", "BIGINT", "number of racks", (l) => l.racks),
  column("it_power_mw", "DOUBLE", "provisioned at the IT load, MW", (r) => used(r, "IT power")),
  column("meter_power_mw", "DOUBLE", "provisioned at the meter, MW", (r) => used(r, "facility power")),
  column("capex_usd", "DOUBLE", "capital, USD", (r) => r.money?.capexUsd ?? null),
  column("tco_usd", "DOUBLE", "total cost over the horizon, USD", (r) => r.money?.tcoUsd ?? null),
  column("binding", "VARCHAR", "limits used to at least 98 %", bindingRows),
  column("tokens_per_s", "DOUBLE", "throughput; of several workloads, of all together",
    (r) => (r.programme ?? r.performance)?.tokensPerS ?? null),
  column("step_s", "DOUBLE", "time of one optimiser step, s; of several workloads here and below the first",
    (r) => r.performance?.stepTimeS ?? null),
  column("days", "DOUBLE", "time of the whole run, days; of several workloads, of all together",
    (r) => r.programme?.totalDays ?? r.performance?.daysToTrain ?? null),
  column("mfu", "DOUBLE", "model FLOPs over peak, 0–1", (r) => r.performance?.mfu ?? null),
  column("memory_gb", "DOUBLE", "of one accelerator, GB", (r) => r.performance?.memory.totalGB ?? null),
  ...(["tp", "cp", "ep", "etp", "pp", "vpp", "dp"] as const).map((degree) =>
    ofMapping(degree, "BIGINT", `degree of the mapping: ${degree.toUpperCase()}`, (m) => m[degree])),
  ofMapping("micro_batch", "BIGINT", "sequences of a micro-batch", (m) => m.microBatch),
  ofMapping("recompute", "VARCHAR", "activations computed again", (m) => m.recompute),
  ofMapping("zero_stage", "BIGINT", "ZeRO stage", (m) => m.sharding.stage),
  column("mapping", "JSON", "the whole mapping", (r) => r.mapping === null ? null : JSON.stringify(r.mapping)),
  column("recommendation", "JSON", "the whole recommendation", (r) => JSON.stringify(r))
]
