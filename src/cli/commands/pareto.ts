/** `pareto`: the plans between which throughput, power and capital are a matter of choice. */
import { Console, Effect, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import type { ParetoFront } from "../../planner/pareto.ts"
import type { FrontOptions } from "../../planner/pareto-search.ts"
import { frontObjectives, type FrontObjective } from "../../planner/pareto-question.ts"
import { renderFront } from "../../report/pareto.ts"
import { badFile } from "../../scenario/bad-input.ts"
import { wantedStyle } from "../delivery.ts"
import { setExitCode } from "../exit-code.ts"
import { limitFlags, withLimits } from "../limit-flags.ts"
import { deliverOrStop, startSearch } from "../search-thread.ts"
import { readScenario, scenarioFlags } from "../scenario-argument.ts"

const objectives = Flag.String("objectives").pipe(
  Flag.withMetavar("LIST"), Flag.withDefault(frontObjectives.join(",")),
  Flag.withDescription(`Two or three of ${frontObjectives.join(", ")}, with commas between`)
)

const points = Flag.Int("points").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1000 }))),
  Flag.withMetavar("N"), Flag.withDescription("Plans at most"), Flag.withDefault(12)
)

const floorShare = Flag.Finite("floor").pipe(
  Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))),
  Flag.withMetavar("SHARE"), Flag.withDefault(0.1),
  Flag.withDescription("Of the highest throughput; slower plans are left out where the scenario has no floor")
)

const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Print the front as JSON and nothing else"), Flag.withDefault(false)
)

const readObjectives = (text: string): ReadonlyArray<FrontObjective> | null => {
  const names = text.split(",").map((name) => name.trim())
  const known = frontObjectives.filter((name) => names.includes(name))
  return known.length === names.length && known.length >= 2 ? known : null
}

const exitCode = ({ limit, points, status }: ParetoFront): number =>
  limit === "interrupted" ? 130 : status === "infeasible" ? 3 : points.length === 0 ? 4 : 0

export const pareto = Command.make("pareto", {
  ...scenarioFlags, objectives, points, floorShare, json, ...limitFlags
}, Effect.fnUntraced(function*(flags) {
  const wanted = readObjectives(flags.objectives)
  if (wanted === null) {
    return yield* badFile("--objectives", flags.objectives, `two or three of ${frontObjectives.join(", ")}`)
  }
  const { scenario: stated, catalog } = yield* readScenario(flags)
  const scenario = withLimits(stated, flags)
  const sides = new Set(scenario.sites.map(({ power }) => power.at))
  if (sides.size > 1) {
    return yield* badFile(flags.file, "power limits at the meter and at the IT load", "one of both for all sites")
  }
  const { deadlineDays, throughputFloor } = scenario.objective
  if (!wanted.includes("throughput") && deadlineDays === null && throughputFloor === null) {
    return yield* badFile(flags.file, "neither floor nor deadline", "one of both, or throughput among the objectives")
  }
  const options = { objectives: wanted, points: flags.points, floorShare: flags.floorShare }
  const thread = startSearch("pareto", { scenario, catalog, options }, tellSolve)
  yield* deliverOrStop(thread.answer, thread.stop, Effect.fnUntraced(function*(found: ParetoFront) {
    yield* Console.log(flags.json ? JSON.stringify(found, null, 2) : renderFront(found, wantedStyle()))
    yield* setExitCode(exitCode(found))
  }))
})).pipe(
  Command.withDescription("Find the plans between which throughput, power and capital are a matter of choice"),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} hall.yaml`, description: "Twelve plans, each proven to be on the front" },
    {
      command: `${commandPath.join(" ")} hall.yaml --objectives throughput,capex --points 6`,
      description: "Two objectives"
    },
    {
      command: `${commandPath.join(" ")} hall.yaml --gap 0.01 --time-limit 600 --json > front.json`,
      description: "Sooner, and for other programs"
    }
  ])
)

/** On a terminal, one line that is written over. */
const tellSolve: FrontOptions["onSolve"] = ({ solves, points, boxes }) => {
  if (process.stderr.isTTY !== true) return
  process.stderr.write(`\r\u001b[K${solves} searches, ${points} plans, ${boxes} boxes left\r`)
}
