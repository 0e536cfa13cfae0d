// Node 20 takes no .ts file as a worker's entry: from the sources, a search starts here and goes on in TypeScript.
import { register } from "tsx/esm/api"

register()
await import("./search-worker.ts")
