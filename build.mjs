/** Builds dist/: the command line, the library and the workers by esbuild, the JSON Schemas by the command line. */
import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { build } from "esbuild"

const entries = {
  cli: "src/cli/main.ts",
  "search-worker": "src/cli/search-worker.ts",
  worker: "src/planner/worker.ts",
  "batch-worker": "src/batch/worker.ts",
  index: "src/index.ts"
}

const { outputFiles } = await build({
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(source))),
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // a WebAssembly file and native code beside their loaders, and a megabyte that only charts need
  external: ["highs", "echarts", "@duckdb/node-api"],
  // CommonJS packages inside the bundle call require
  banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` },
  write: false,
  logLevel: "warning"
})
// what stood there goes only once there is something to stand in its place
rmSync("dist", { recursive: true, force: true })
mkdirSync("dist/schema", { recursive: true })
for (const { path, contents } of outputFiles) writeFileSync(path, contents)
chmodSync("dist/cli.mjs", 0o755)

const schema = (...name) => execFileSync(process.execPath, ["dist/cli.mjs", "schema", ...name], { encoding: "utf8" })
for (const name of schema().trim().split("\n")) writeFileSync(`dist/schema/${name}.json`, schema(name))

// npm links a package's own commands only where it is a dependency: with this, npx finds them in a clone too
const link = "node_modules/.bin/scale-across"
if (existsSync("node_modules/.bin")) {
  rmSync(link, { force: true })
  symlinkSync("../../dist/cli.mjs", link)
}
