/** A store opened for reading, for as long as it is looked at. */
import { Effect } from "effect"
import { openDatabase, type OpenDatabase } from "../batch/store-file.ts"
import { BadInput } from "../scenario/bad-input.ts"

/** The user's mistakes, thrown by code of promises, as failures; the rest as defects. */
export const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, BadInput> =>
  Effect.tryPromise({ try: work, catch: (cause) => cause }).pipe(
    Effect.catch((cause) => cause instanceof BadInput ? Effect.fail(cause) : Effect.die(cause))
  )

/** Uses a store without the right to change it. */
export const withStore = <A, E, R>(
  path: string, use: (connection: OpenDatabase["connection"]) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | BadInput, R> =>
  Effect.acquireUseRelease(
    attempt(() => openDatabase(path, "READ_ONLY")),
    ({ connection }) => use(connection),
    ({ close }) => Effect.sync(close)
  )
