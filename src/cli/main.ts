#!/usr/bin/env node
/** The command line's entry. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { teardown } from "./exit-code.ts"
import { runCli } from "./run.ts"

/** The first Ctrl-C asks for the best so far, a later one ends at once. npm hands on the same Ctrl-C a second time. */
const quitOnSecondInterrupt = (): void => {
  let first: number | null = null
  process.on("SIGINT", () => {
    first ??= performance.now()
    if (performance.now() - first > 500) process.exit(130)
  })
}

quitOnSecondInterrupt()
NodeRuntime.runMain(runCli(process.argv.slice(2)), { teardown, disableErrorReporting: true })
