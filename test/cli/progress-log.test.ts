import { describe, expect, it } from "vitest"
import type { Progress } from "../../solvers/contract/search-run.ts"
import { type LogForm, progressLog } from "../../src/cli/progress-log.ts"

const event = (kind: Progress["kind"], changes: Partial<Progress> = {}): Progress => ({
  kind, source: "genetic", timeS: 2, nodes: 40, open: 3, evaluations: 5000, incumbent: 4.5e6, bound: 5e6, gap: 0.1,
  ...changes
})

const said = (form: LogForm, isTTY: boolean, events: ReadonlyArray<Progress>): string => {
  let text = ""
  const log = progressLog(form, { isTTY, write: (more) => void (text += more) })
  for (const one of events) log(one)
  return text
}

describe("the log of a search", () => {
  const events = [
    event("tick", { incumbent: null, bound: null, gap: null, timeS: 0, evaluations: 0, nodes: 0 }),
    event("incumbent"),
    event("end")
  ]

  it("is silent away from a terminal, unless asked", () => {
    expect(said("auto", false, events)).toBe("")
    expect(said("none", true, events)).toBe("")
    expect(said("columns", false, events).split("\n")).toHaveLength(5)
  })

  it("is one JSON object a line for programs", () => {
    const lines = said("json", false, events).trimEnd().split("\n")
    expect(lines.map((line) => JSON.parse(line))).toEqual(events)
  })

  it("overwrites ticks on a terminal and keeps incumbents", () => {
    const text = said("auto", true, events)
    // what a terminal shows once every overwritten line is gone
    const shown = text.split("\n").map((line) => line.split("\r\u001b[K").at(-1)).filter((line) => line !== "")
    expect(shown).toEqual([
      "source            time s   nodes    cand.   incumbent       bound     gap  per s",
      "genetic              2.0      40      5 k   4,500,000   5,000,000    10 %  2.5 k",
      "genetic              2.0      40      5 k   4,500,000   5,000,000    10 %  2.5 k"
    ])
  })

  it("shows a dash for what is not known yet", () => {
    expect(said("columns", false, events.slice(0, 1)).split("\n")[1])
      .toBe("genetic              0.0       0        0           –           –       –      –")
  })
})
