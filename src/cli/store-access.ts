/** A store opened for reading, for as long as it is looked at. */
import { Effect } from "effect"
import { openDatabase, type OpenDatabase, storeMistake } from "../batch/store-file.ts"
import { BadInput } from "../scenario/bad-input.ts"

/** The user's mistakes, thrown by code of promises, as failures; the rest stay defects. */
export const asFailures = <A, E, R>(
  work: Effect.Effect<A, E, R>, told: (cause: unknown) => unknown = (cause) => cause
): Effect.Effect<A, E | BadInput, R> =>
  Effect.catchDefect(work, (cause) => {
    const mistake = told(cause)
    return mistake instanceof BadInput ? Effect.fail(mistake) : Effect.die(cause)
  })

/** The same of a promise. */
export const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, BadInput> => asFailures(Effect.promise(work))

/** Uses a store without the right to change it. */
export const withStore = <A, E, R>(
  path: string, use: (connection: OpenDatabase["connection"]) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | BadInput, R> =>
  Effect.acquireUseRelease(
    attempt(() => openDatabase(path, "READ_ONLY")),
    ({ connection }) => asFailures(use(connection), (cause) => storeMistake(path, cause)),
    ({ close }) => Effect.sync(close)
  )
