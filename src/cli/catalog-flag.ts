/** `--catalog PATH`: a planner's own entries over the package's. */
import { Option } from "effect"
import { Flag } from "effect/cli"

export const catalogFlag = Flag.String("catalog").pipe(
  Flag.withDescription("Own entries over the catalogue's: a file, or a directory of files named as the catalogue's"),
  Flag.optional,
  Flag.map(Option.getOrNull)
)
