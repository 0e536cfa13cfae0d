/** Writes files so that nobody ever sees one half written: under another name first, then renamed. */
import { Effect, FileSystem, Path } from "effect"
import { badFile } from "../scenario/bad-input.ts"

/** Writes all files into `directory`, which is made if missing. No name is taken before every file is complete. */
export const writeFiles = Effect.fn("writeFiles")(function*(
  directory: string, files: Readonly<Record<string, string | Uint8Array>>
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const targets = Object.entries(files).map(([name, content]) => {
    const target = path.join(directory, name)
    return { target, temporary: `${target}.${process.pid}.tmp`, content }
  })
  yield* fs.makeDirectory(directory, { recursive: true })
  const write = ({ temporary, content }: (typeof targets)[number]) =>
    typeof content === "string" ? fs.writeFileString(temporary, content) : fs.writeFile(temporary, content)
  yield* Effect.forEach(targets, write).pipe(
    Effect.andThen(Effect.forEach(targets, ({ temporary, target }) => fs.rename(temporary, target))),
    Effect.onError(() =>
      Effect.forEach(targets, ({ temporary }) => Effect.ignore(fs.remove(temporary, { force: true })))),
    Effect.uninterruptible
  )
}, (write, directory) =>
  Effect.mapError(write, (error) => badFile(directory, `${error.reason._tag}`, "a directory that can be written to")))
