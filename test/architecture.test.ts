/** The house rules that a reader cannot see at a glance: who imports whom, and what pure code must not touch. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, join, relative } from "node:path"
import { describe, expect, it } from "vitest"

interface Source {
  readonly path: string
  /** without comments and the text of strings */
  readonly code: string
  readonly imports: ReadonlyArray<string>
}

const root = join(import.meta.dirname, "..")

const readSources = (folder: string): ReadonlyArray<Source> =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => {
      const path = join(folder, name)
      const text = readFileSync(join(root, path), "utf8")
      return { path, code: withoutProse(text), imports: importsOf(text).map((target) => resolveImport(path, target)) }
    })

const importsOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^(?:import|export)\s[^"'()]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/gm)]
    .flatMap(([, from, bare, dynamic]) => [from, bare, dynamic].filter((target) => target !== undefined))

/** A relative import as a path from the root, a package as it is. */
const resolveImport = (path: string, target: string): string =>
  target.startsWith(".") ? relative(root, join(root, dirname(path), target)) : target

const withoutProse = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/"(?:[^"\\\n]|\\.)*"/g, `""`).replaceAll(/\/\/.*$/gm, "")

const models = readSources("models")
const solvers = readSources("solvers")
const src = readSources("src")
const tests = readSources("test")

/** Every import of `sources` that `allowed` does not let pass, as `path → target`. */
const forbidden = (sources: ReadonlyArray<Source>, allowed: (target: string, path: string) => boolean) =>
  sources.flatMap(({ path, imports }) =>
    imports.filter((target) => !allowed(target, path)).map((target) => `${path} → ${target}`))

const folderOf = (path: string): string => path.split("/").slice(0, 2).join("/")
const solverPackages = /^(javascript-lp-solver|highs|ts-genetic|pure-rand)(\/|$)/

describe("imports", () => {
  it("are found: the rules below see what they judge", () => {
    expect(importsOf(`import { a } from "./a.ts"\nimport "b"\nexport type { c } from "c"\nconst d = await import("d")`))
      .toEqual(["./a.ts", "b", "c", "d"])
    for (const sources of [models, solvers, src]) {
      expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(20)
    }
  })

  it("of models stay in models, and in the contract of solvers", () => {
    const allowed = (target: string) => target.startsWith("models/") || target.startsWith("solvers/contract/")
    expect(forbidden(models, allowed)).toEqual([])
  })

  it("of the contract stay in the contract", () => {
    const contract = solvers.filter(({ path }) => path.startsWith("solvers/contract/"))
    expect(contract.length).toBeGreaterThan(0)
    expect(forbidden(contract, (target) => target.startsWith("solvers/contract/"))).toEqual([])
  })

  it("of a solver stay in its folder, the contract and its libraries", () => {
    expect(forbidden(solvers, (target, path) =>
      folderOf(target) === folderOf(path) || target.startsWith("solvers/contract/") || solverPackages.test(target)
    )).toEqual([])
  })

  it("of the application reach no test, and only the command line reaches the command line", () => {
    expect(forbidden(src, (target, path) =>
      !target.startsWith("test/") && (!target.startsWith("src/cli/") || path.startsWith("src/cli/"))
    )).toEqual([])
  })

  it("form no cycle", () => {
    const graph = new Map([...models, ...solvers, ...src].map(({ path, imports }) => [path, imports]))
    const done = new Set<string>()
    const cycles: Array<string> = []
    const visit = (path: string, trail: ReadonlyArray<string>): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(" → "))
      if (done.has(path) || trail.includes(path)) return
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
      done.add(path)
    }
    for (const path of graph.keys()) visit(path, [])
    expect(cycles.filter((cycle) => !typesOnly(cycle))).toEqual([])
  })
})

/** Files that know each other's types alone are no cycle once compiled. */
const typesOnly = (cycle: string): boolean => {
  const paths = cycle.split(" → ")
  return paths.slice(0, -1).some((path, i) => {
    const text = readFileSync(join(root, path), "utf8")
    const target = basename(paths[i + 1] ?? "")
    const lines = text.split("\n").filter((line) => line.includes(`/${target}"`))
    return lines.length > 0 && lines.every((line) => /^(import|export) type\b/.test(line))
  })
}

describe("models and solvers", () => {
  it("read no clock, draw no unseeded number, know no process", () => {
    const impure = /\bMath\.random\(|\bDate\b|\bperformance\.(now|mark|timeOrigin)\b|\bprocess\.|\bconsole\./
    expect([...models, ...solvers].filter(({ code }) => impure.test(code)).map(({ path }) => path)).toEqual([])
  })
})

describe("files", () => {
  const all = [...models, ...solvers, ...src, ...tests]

  it("are named as nouns in kebab-case, none as a drawer for everything", () => {
    const wellNamed = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/
    const drawer = /^(utils?|helpers?|common|managers?|misc)\b/
    const names = all.map(({ path }) => basename(path))
    expect(names.filter((name) => !wellNamed.test(name) || drawer.test(name))).toEqual([])
  })

  it("export by name, and only the library's door re-exports", () => {
    expect(all.filter(({ code }) => /^export default\b/m.test(code)).map(({ path }) => path)).toEqual([])
    const barrels = all.filter(({ path, code }) => path !== "src/index.ts" && /^export (\*|\{[^}]*\}) from/m.test(code))
    expect(barrels.map(({ path }) => path)).toEqual([])
  })

  it("say in words what they are", () => {
    const silent = [...models, ...solvers, ...src]
      .filter(({ path }) => !readFileSync(join(root, path), "utf8").includes("/**"))
    expect(silent.map(({ path }) => path)).toEqual([])
  })
})
