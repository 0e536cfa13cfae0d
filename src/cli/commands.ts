/** The verbs. A new one is a file in commands/ and a line here. */
import { Command } from "effect/cli"
import { batch } from "./commands/batch.ts"
import { catalog } from "./commands/catalog.ts"
import { compare } from "./commands/compare.ts"
import { evaluate } from "./commands/evaluate.ts"
import { explain } from "./commands/explain.ts"
import { exportCommand } from "./commands/export.ts"
import { fabric } from "./commands/fabric.ts"
import { lint } from "./commands/lint.ts"
import { pareto } from "./commands/pareto.ts"
import { plan } from "./commands/plan.ts"
import { results } from "./commands/results.ts"
import { schema } from "./commands/schema.ts"
import { validate } from "./commands/validate.ts"
import { verify } from "./commands/verify.ts"

export const root = Command.make("scale-across").pipe(
  Command.withDescription(
    "Finds the best layout of an AI cluster under power, space and money, with a bound that no other can beat."
  ),
  Command.withSubcommands([
    plan, pareto, batch, results, compare, evaluate, explain, lint, catalog, fabric, schema, exportCommand, verify, validate
  ]),
  Command.withExamples(({ commandPath }) => [
    { command: `${commandPath.join(" ")} plan instances/scenarios/llama3-405b-20mw.yaml`, description: "The main job" },
    { command: `${commandPath.join(" ")} --completions bash`, description: "Completions for a shell" }
  ])
)
