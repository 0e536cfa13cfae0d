/** A point of a batch as work to be done: decoded, completed, and with the key under which its result is kept. */
import { Result } from "effect"
import type { Scenario, SolveLimits } from "../../models/design-space/scenario.ts"
import type { Catalog } from "../../models/hardware/catalog.ts"
import { constantsFile } from "../../models/performance/constants.ts"
import { contentHash } from "../identity/content-hash.ts"
import { decodeScenario } from "../scenario/decode.ts"
import { formatMistake } from "../schema/mistakes.ts"
import { version } from "../version.ts"
import type { Point } from "./expansion.ts"
import type { Membership } from "./store.ts"

export interface Job {
  readonly member: Membership
  /** or in words why it is none */
  readonly scenario: Scenario | string
  /** jobs with the same one share much of their work */
  readonly kinship: string
}

/** What all keys of a run have in common. */
export interface Frame {
  readonly catalog: Catalog
  readonly limits: (stated: SolveLimits) => SolveLimits
  /** of catalogue, constants and program */
  readonly hash: string
}

/** A frame with the hash of its content. */
export async function openFrame(catalog: Catalog, limits: Frame["limits"]): Promise<Frame> {
  return { catalog, limits, hash: await contentHash([await contentHash(catalog), constantsFile, version]) }
}

/** The key is of what is asked: of the same question under another name the answer is the same. */
export async function jobOf({ catalog, limits, hash }: Frame, batch: string, { axes, document, unreadable }: Point): Promise<Job> {
  const invalid = async (why: string) =>
    ({ member: { batch, axes, name: "", key: await contentHash([hash, document, why]) }, scenario: why, kinship: "" })
  if (unreadable !== undefined) return invalid(unreadable)
  const decoded = decodeScenario(document, catalog)
  if (Result.isFailure(decoded)) return invalid(decoded.failure.map(formatMistake).join("; "))
  const scenario = { ...decoded.success, limits: limits(decoded.success.limits) }
  const { name, description, ...question } = scenario
  const key = await contentHash([hash, question])
  return { member: { batch, axes, name, key }, scenario, kinship: kinshipOf(scenario) }
}

/** What the hardware of a scenario is chosen by. */
export function kinshipOf({ catalog, estimates, search: { accelerator } }: Scenario): string {
  return JSON.stringify([catalog, estimates, accelerator])
}
