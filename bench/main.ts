/** `npm run bench -- NAME…`: seeded benchmarks; each verifies its answers before it times them. Without a name, all of them. */
import { execFileSync } from "node:child_process"
import { cpus } from "node:os"
import { benchBatch } from "./batch.ts"
import { benchFabric } from "./fabric.ts"
import { benchFacility } from "./facility.ts"
import { benchLinear } from "./linear.ts"
import { benchPerformance } from "./performance.ts"
import { benchSearch } from "./search.ts"

const runs = 5

const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  batch: () => benchBatch(),
  performance: () => benchPerformance(),
  fabric: () => benchFabric(runs),
  facility: () => benchFacility(runs),
  linear: () => benchLinear(runs),
  search: () => benchSearch(runs)
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}: there are ${Object.keys(benches).join(", ")}`)
  process.exit(2)
}
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim()
console.log(`commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`)
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  console.log(`\n${name}`)
  await benches[name]!()
}
