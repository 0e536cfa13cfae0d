/** What the process answers to its caller. */
import { Cause, Effect, Exit, Runtime } from "effect"
import { CliError } from "effect/cli"
import type { Recommendation, Status } from "../../models/design-space/recommendation.ts"

const byStatus: Readonly<Record<Status, number>> = { optimal: 0, feasible: 0, infeasible: 3, noSolution: 4 }

export const exitCodeOf = ({ status, limit }: Recommendation): number =>
  limit === "interrupted" ? 130 : byStatus[status]

/** The code of an answer: the process ends with it once everything is written. */
export const setExitCode = (code: number): Effect.Effect<void> => Effect.sync(() => void (process.exitCode = code))

const usage = 2

/** 0 or what an answer has set; 2 for bad usage and bad input, 130 interrupted, 1 for a defect. */
export const teardown: Runtime.Teardown = (exit, onExit) => {
  if (Exit.isSuccess(exit)) return onExit(Number(process.exitCode ?? 0))
  if (Cause.hasInterruptsOnly(exit.cause)) return onExit(130)
  const error = Cause.squash(exit.cause)
  if (CliError.isCliError(error)) return onExit(error._tag === "ShowHelp" && error.errors.length === 0 ? 0 : usage)
  return onExit(Runtime.getErrorExitCode(error))
}
