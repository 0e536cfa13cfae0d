/** Name and version of the program, from package.json. */
import manifest from "../package.json" with { type: "json" }

export const { name: program, version } = manifest
