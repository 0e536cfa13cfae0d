import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { readScenario } from "../src/index.ts"
import { captureRun } from "./cli/captured-run.ts"

const readme = readFileSync("README.md", "utf8")

const fences = (language: string): ReadonlyArray<string> =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map((match) => match[1]!)

const commands = fences("sh").flatMap((fence) => fence.trim().split("\n"))
  .filter((line) => line.startsWith("npx scale-across "))
  .map((line) => line.replace("npx scale-across ", ""))

describe("the README", () => {
  let plans = ""

  beforeAll(() => {
    plans = mkdtempSync(join(tmpdir(), "readme-"))
  })

  it.each(commands)("shows a command that works: %s", async (command) => {
    const words = command.replaceAll("plans/", `${plans}/`).split(" ")
    const short = words[0] === "plan" || words[0] === "explain" ? ["--max-evaluations", "20000"] : []
    const { code, stderr } = await captureRun(...words, ...short)
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" })
  }, 120_000)

  it("shows a scenario that is one", () => {
    for (const fence of fences("yaml")) expect(readScenario(parse(fence)).sites.length).toBeGreaterThan(0)
  })

  it("shows the report of the shipped scenario as it is printed, 80 columns wide", () => {
    const [report] = fences("text")
    for (const line of report!.split("\n")) expect([...line].length).toBeLessThanOrEqual(80)
    expect(report).toContain("llama3-405b-20mw")
    expect(report!.replaceAll(/\s+/g, " ")).toContain("No candidate of the search space is better")
  })
})
