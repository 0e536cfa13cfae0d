/**
 * Builds dist/, or the directory named: the command line with its workers and the library by esbuild, the library's types by the
 * compiler, the JSON Schemas by the command line.
 */
import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"

const out = process.argv[2] ?? "dist"

const entries = {
  cli: "src/cli/main.ts",
  "search-worker": "src/cli/search-worker.ts",
  worker: "src/planner/worker.ts",
  "batch-worker": "src/batch/worker.ts"
}

const shared = { outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, format: "esm", write: false, logLevel: "warning" }

const program = await build({
  ...shared,
  entryPoints: entries,
  splitting: true,
  platform: "node",
  target: "node20",
  // a WebAssembly file and native code beside their loaders, and a megabyte that only charts need
  external: ["highs", "echarts", "@duckdb/node-api"],
  // CommonJS packages inside the bundle call require
  banner: { js: `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);` }
})
// one file for Node and for browsers: it fails where the library would need anything of Node's
const library = await build({ ...shared, entryPoints: { index: "src/index.ts" }, platform: "browser", target: "es2023" })

// what stood there goes only once there is something to stand in its place
rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, "schema"), { recursive: true })
for (const { path, contents } of [...program.outputFiles, ...library.outputFiles]) writeFileSync(path, contents)
chmodSync(join(out, "cli.mjs"), 0o755)

const node = (...args) => execFileSync(process.execPath, args, { encoding: "utf8" })
node("node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json", "--outDir", join(out, "types"))

const schema = (...name) => node(join(out, "cli.mjs"), "schema", ...name)
for (const name of schema().trim().split("\n")) writeFileSync(join(out, "schema", `${name}.json`), schema(name))

// npm links a package's own commands only where it is a dependency: with this, npx finds them in a clone too
const link = "node_modules/.bin/scale-across"
if (out === "dist" && existsSync("node_modules/.bin")) {
  rmSync(link, { force: true })
  symlinkSync("../../dist/cli.mjs", link)
}
