/** Programs of others that read what is exported, where the machine has them. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Where CI is set the program counts as there: its absence then fails the test instead of skipping it. */
export const hasProgram = (name: string): boolean =>
  process.env["CI"] !== undefined ||
  spawnSync("sh", ["-c", `command -v ${name} || test -x /usr/sbin/${name}`]).status === 0

export const run = (program: string, args: ReadonlyArray<string>, input = ""): string =>
  execFileSync(program, args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], maxBuffer: 1e8 })

/** A directory of its own with the files in it. */
export const directoryOf = (files: Readonly<Record<string, string>>): string => {
  const directory = mkdtempSync(join(tmpdir(), "scale-across-export-"))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

/** Rows of a file of comma-separated values as records. */
export const readCsv = (text: string): ReadonlyArray<Readonly<Record<string, string>>> => {
  const cells = (line: string) =>
    [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)]
      .map(([, quoted, plain]) => quoted?.replaceAll(`""`, `"`) ?? plain ?? "")
  const [header = [], ...rows] = text.trimEnd().split("\r\n").map(cells)
  return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? ""])))
}

/** Reads one of Slurm's hostlist expressions back. */
export const expand = (list: string): ReadonlyArray<string> =>
  [...list.matchAll(/([^,[\]]+)(?:\[([^\]]*)\])?/g)].flatMap(([, prefix = "", spans]) =>
    spans === undefined ? [prefix] : spans.split(",").flatMap((span) => {
      const [from = 0, to = from] = span.split("-").map(Number)
      return Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${from + i}`)
    }))

/** Switches of a topology.conf with what is below each. */
export const switchesOf = (conf: string) =>
  [...conf.matchAll(/SwitchName=(\S+) (?:Nodes|Switches)=(\S+)/g)]
    .map(([, name = "", list = ""]) => ({ name, below: expand(list) }))

/** An entry of topology.yaml, of the fields of topology.yaml(5). */
export interface SlurmTopology {
  readonly topology: string
  readonly cluster_default: boolean
  readonly tree?: {
    readonly switches: ReadonlyArray<{ readonly switch: string; readonly children?: string; readonly nodes?: string }>
  }
  readonly block?: {
    readonly block_sizes: ReadonlyArray<number>
    readonly blocks: ReadonlyArray<{ readonly block: string; readonly nodes: string }>
  }
}
