/** `export`: a recommendation in the formats of other tools. */
import { Console, Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { workloadsOf } from "../../../models/design-space/scenario.ts"
import { loadCatalog } from "../../catalog/catalog-files.ts"
import type { Exported, ExportSource } from "../../export/export-source.ts"
import { exportTargets } from "../../export/target-names.ts"
import { writeFiles } from "../../files/atomic-write.ts"
import { contentHash } from "../../identity/content-hash.ts"
import { badFile } from "../../scenario/bad-input.ts"
import { catalogFlag } from "../catalog-flag.ts"
import { readRecommendation, recommendationArgument } from "../recommendation-argument.ts"

const target = Flag.Literals("to", exportTargets).pipe(Flag.withDescription("The tool that is to read it"))

const out = Flag.String("out").pipe(
  Flag.withMetavar("DIR"), Flag.optional,
  Flag.withDescription("Directory for the files; without it, a target of one text file goes to stdout")
)

const run = Flag.String("run").pipe(
  Flag.withMetavar("NAME"), Flag.optional,
  Flag.withDescription("Of several workloads, the one whose mapping is written; without it, the first")
)

/** The source, as the run that the flag names sees it. */
const chooseRun = (source: ExportSource, name: Option.Option<string>) => Effect.gen(function*() {
  if (Option.isNone(name)) return source
  const { sourceOfRun } = yield* Effect.promise(() => import("../../export/export-source.ts"))
  const names = workloadsOf(source.recommendation.scenario).map((workload) => JSON.stringify(workload.name))
  return sourceOfRun(source, name.value) ?? (yield* badFile("--run", JSON.stringify(name.value), `one of ${names.join(", ")}`))
})

const writeExport = Effect.fn("writeExport")(function*(directory: string, { files }: Exported) {
  yield* writeFiles(directory, files)
  yield* Console.error(`wrote ${Object.keys(files).join(", ")} to ${directory}`)
})

const printExport = Effect.fn("printExport")(function*(to: string, { files }: Exported) {
  const [only, ...others] = Object.entries(files)
  const text = others.length === 0 ? only?.[1] : undefined
  if (typeof text === "string") return yield* Console.log(text.trimEnd())
  return yield* badFile("--out", "nothing", `a directory for the files of ${to}: ${Object.keys(files).join(", ")}`)
})

export const exportCommand = Command.make("export", {
  recommendation: recommendationArgument, to: target, run, out, catalog: catalogFlag
}, Effect.fnUntraced(function*(flags) {
  const recommendation = yield* readRecommendation(flags.recommendation)
  const catalog = yield* loadCatalog(flags.catalog)
  // loaded on use, so that the other verbs start without the planner and the writers
  const { exportPlan, exportSource } = yield* Effect.promise(async () => ({
    ...await import("../../export/targets.ts"), ...await import("../../export/export-source.ts")
  }))
  const source = exportSource(recommendation, catalog)
  if ("found" in source) return yield* badFile(flags.recommendation, source.found, source.expected)
  const chosen = yield* chooseRun(source, flags.run)
  const exported = yield* Effect.promise(() => exportPlan(flags.to, chosen))
  yield* Option.isSome(flags.out) ? writeExport(flags.out.value, exported) : printExport(flags.to, exported)
  const hash = yield* Effect.promise(() => contentHash(catalog))
  if (hash !== recommendation.provenance.catalogHash) {
    yield* Console.error("the recommendation was made with another catalogue: figures of parts are this one's")
  }
  for (const remark of exported.remarks) yield* Console.error(`${flags.to}: ${remark}`)
})).pipe(
  Command.withDescription("Write a recommendation in the format of another tool"),
  Command.withExamples(({ commandPath }) => [
    {
      command: `${commandPath.join(" ")} plan.json --to graphviz | dot -Tsvg > wiring.svg`,
      description: "The wiring, drawn"
    },
    { command: `${commandPath.join(" ")} plan.json --to slurm --out /etc/slurm`, description: "Topologies and nodes" },
    { command: `${commandPath.join(" ")} plan.json --to xlsx --out plans/hall`, description: "For a spreadsheet" }
  ])
)
