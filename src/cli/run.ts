/** One run of the command line: the verbs, what surrounds them, and how a failure is told. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Runtime } from "effect"
import { CliConfig, CliError, Command, GlobalFlag } from "effect/cli"
import { version } from "../version.ts"
import { root } from "./commands.ts"

const builtIns = [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions]

/** Runs the command line on its arguments; the failure, if any, has been told on stderr. */
export const runCli = (args: ReadonlyArray<string>) =>
  Command.runWith(root, { version })(args).pipe(
    Effect.tapCause(tellFailure),
    Effect.provide([NodeServices.layer, CliConfig.layer({ builtIns })])
  )

/** The user's mistakes in their words; anything else is a defect and shows where it comes from. */
const tellFailure = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.void
  const error = Cause.squash(cause)
  if (CliError.isCliError(error)) return Effect.void
  return error instanceof Error && !Runtime.getErrorReported(error)
    ? Console.error(error.message)
    : Console.error(`scale-across ${version} has a defect:\n${Cause.pretty(cause)}`)
}
