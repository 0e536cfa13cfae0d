/** The log of a search on stderr: columns for people, one JSON object a line for programs. */
import { Flag } from "effect/cli"
import type { Progress } from "../../solvers/contract/search-run.ts"
import { cut, formatCount, formatNumber, formatPercent } from "../report/format.ts"

export const logFlag = Flag.Literals("log", ["auto", "columns", "json", "none"]).pipe(
  Flag.withDescription("Progress on stderr: auto shows columns on a terminal alone"), Flag.withDefault("auto" as const)
)
export type LogForm = "auto" | "columns" | "json" | "none"

const widths = [16, 8, 8, 9, 12, 12, 8, 7]
const columns = ["source", "time s", "nodes", "cand.", "incumbent", "bound", "gap", "per s"]

const renderRow = (cells: ReadonlyArray<string>): string =>
  cells.map((cell, i) => i === 0 ? cut(cell, 16).padEnd(16) : cell.padStart(widths[i] ?? 0)).join("")

const orDash = (value: number | null, format: (value: number) => string): string => value === null ? "–" : format(value)

const renderProgress = (event: Progress): string =>
  renderRow([
    event.source,
    event.timeS.toFixed(1),
    formatCount(event.nodes),
    formatCount(event.evaluations),
    orDash(event.incumbent, formatNumber),
    orDash(event.bound, formatNumber),
    orDash(event.gap, formatPercent),
    event.timeS > 0 ? formatCount(event.evaluations / event.timeS) : "–"
  ])

interface Terminal {
  readonly isTTY?: boolean
  readonly write: (text: string) => unknown
}

/** A new incumbent and the end keep their line; a tick on a terminal is overwritten by what follows. */
export const progressLog = (form: LogForm, terminal: Terminal): (event: Progress) => void => {
  if (form === "json") return (event) => void terminal.write(`${JSON.stringify(event)}\n`)
  if (form === "none" || (form === "auto" && terminal.isTTY !== true)) return () => {}
  const erase = terminal.isTTY === true ? "\r\u001b[K" : ""
  let head = `${renderRow(columns)}\n`
  return (event) => {
    const passing = event.kind === "tick" && terminal.isTTY === true
    terminal.write(`${erase}${head}${renderProgress(event)}${passing ? "" : "\n"}`)
    head = ""
  }
}
