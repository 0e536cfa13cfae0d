// Node 20 takes no .ts file as a worker's entry: from the sources, a thread starts here and goes on in TypeScript.
import { register } from "tsx/esm/api"

register()
await import("./worker.ts")
