import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { captureRun } from "../cli/captured-run.ts"
import { plans } from "./exported-plans.ts"
import { directoryOf, run } from "./outside-reader.ts"

/** A Python with the jsonschema package, of Debian or of the user's own. */
const python = ["python3", "/usr/bin/python3"].find((one) => spawnSync(one, ["-c", "import jsonschema"]).status === 0)

const reader = `
import json, sys, jsonschema
schema, *documents = [json.load(open(path)) for path in sys.argv[1:]]
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
print(json.dumps([[error.json_path for error in validator.iter_errors(document)] for document in documents]))
`

describe.skipIf(python === undefined && process.env["CI"] === undefined)("the published JSON Schema", () => {
  it("takes what the planner writes, and nothing misspelt or missing", async () => {
    const [first] = plans.map(({ recommendation }) => recommendation)
    const { mapping: _, ...lacking } = first!
    const documents = [...plans.map(({ recommendation }) => recommendation), { ...first, cuont: 1 }, lacking]
    const { stdout: schema } = await captureRun("schema", "recommendation")
    const texts = [schema, ...documents.map((one) => JSON.stringify(one))]
    const directory = directoryOf(Object.fromEntries(texts.map((text, i) => [`${i}.json`, text])))
    const found = run(python!, ["-c", reader, ...texts.map((_, i) => join(directory, `${i}.json`))])
    expect(JSON.parse(found)).toEqual([...plans.map(() => []), ["$"], ["$"]])
  })
})
