#!/usr/bin/env node
/** The command line's entry. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Runtime } from "effect"
import { CliConfig, CliError, Command, GlobalFlag } from "effect/cli"
import { version } from "../version.ts"
import { root } from "./commands.ts"
import { teardown } from "./exit-code.ts"

/** The user's mistakes in their words; anything else is a defect and shows where it comes from. */
const reportFailure = (cause: Cause.Cause<unknown>): Effect.Effect<void> => {
  if (Cause.hasInterruptsOnly(cause)) return Effect.void
  const error = Cause.squash(cause)
  if (CliError.isCliError(error)) return Effect.void
  return error instanceof Error && !Runtime.getErrorReported(error)
    ? Console.error(error.message)
    : Console.error(`scale-across ${version} has a defect:\n${Cause.pretty(cause)}`)
}

Command.run(root, { version }).pipe(
  Effect.tapCause(reportFailure),
  Effect.provide([
    NodeServices.layer,
    CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] })
  ]),
  NodeRuntime.runMain({ teardown, disableErrorReporting: true })
)
