/** Runs the command line in this process and captures what it says. */
import { Console, Effect } from "effect"
import { teardown } from "../../src/cli/exit-code.ts"
import { runCli } from "../../src/cli/run.ts"

export interface CapturedRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const captureRun = async (...args: ReadonlyArray<string>): Promise<CapturedRun> => {
  const said = { log: [] as Array<string>, error: [] as Array<string> }
  const captured: Console.Console = {
    ...globalThis.console,
    log: (...parts: ReadonlyArray<unknown>) => void said.log.push(parts.join(" ")),
    error: (...parts: ReadonlyArray<unknown>) => void said.error.push(parts.join(" "))
  }
  const exit = await Effect.runPromiseExit(runCli(args).pipe(Effect.provideService(Console.Console, captured)))
  let code = -1
  teardown(exit, (given) => void (code = given))
  process.exitCode = undefined
  return { code, stdout: said.log.join("\n"), stderr: said.error.join("\n") }
}
