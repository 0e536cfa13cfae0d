/** What only a process of its own can show: signals, streams and exit codes as a shell sees them. */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const scenario = join(root, "instances/scenarios/floor-limited.yaml")

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the sources; `interruptAt` sends Ctrl-C once that text is on stderr. */
const runProcess = (args: ReadonlyArray<string>, interruptAt?: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], { cwd: root })
    const said = { stdout: "", stderr: "" }
    let interrupted = false
    child.stdout.on("data", (data: Buffer) => void (said.stdout += data.toString()))
    child.stderr.on("data", (data: Buffer) => {
      said.stderr += data.toString()
      if (interruptAt === undefined || interrupted || !said.stderr.includes(interruptAt)) return
      interrupted = true
      child.kill("SIGINT")
    })
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, ...said }))
  })

describe("the process", () => {
  it("interrupted prints the best so far as one document and exits with 130", async () => {
    const { code, stdout, stderr } = await runProcess(
      ["plan", scenario, "--json", "--log", "json", "--gap", "0", "--time-limit", "600"], `"kind"`
    )
    expect(stderr).not.toContain("defect")
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1, limit: "interrupted", scenario: { name: "floor-limited" }
    })
  }, 120_000)

  it("tells the user's mistakes on stderr alone and exits with 2", async () => {
    const { code, stdout, stderr } = await runProcess(["plan", join(root, "package.json"), "--json"])
    expect(code).toBe(2)
    expect(stdout).toBe("")
    expect(stderr).toMatch(/^.*package\.json: \d+ mistakes\n/)
    expect(stderr).not.toMatch(/^\s+at /m)
  })
})
