/** The verbs. A new one is a file in commands/ and a line here. */
import { Command } from "effect/cli"
import { plan } from "./commands/plan.ts"
import { schema } from "./commands/schema.ts"

export const root = Command.make("scale-across").pipe(
  Command.withDescription(
    "Finds the best layout of an AI cluster under power, space and money, with a bound that no other can beat."
  ),
  Command.withSubcommands([plan, schema])
)
