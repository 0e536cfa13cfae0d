/** Limits of a search as flags: what is given replaces the scenario's. */
import { Option, Schema } from "effect"
import { Flag } from "effect/cli"
import type { Scenario, SolveLimits } from "../../models/design-space/scenario.ts"

const positive = Schema.Finite.check(Schema.isGreaterThan(0))
const share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_294_967_295 }))

export const limitFlags = {
  timeS: Flag.Finite("time-limit").pipe(
    Flag.withSchema(positive), Flag.withMetavar("S"), Flag.withDescription("Stop after so many seconds"), Flag.optional
  ),
  gap: Flag.Finite("gap").pipe(
    Flag.withSchema(share), Flag.withMetavar("G"), Flag.withDescription("Stop at this gap, 0–1; 0 proves the optimum"),
    Flag.optional
  ),
  evaluations: Flag.Finite("max-evaluations").pipe(
    Flag.withSchema(positive), Flag.withMetavar("N"), Flag.withDescription("Stop after so many candidates"),
    Flag.optional
  ),
  seed: Flag.Int("seed").pipe(
    Flag.withSchema(seed), Flag.withMetavar("N"), Flag.withDescription("Seed of the random numbers"), Flag.optional
  )
}

export type GivenLimits = { readonly [K in keyof SolveLimits]: Option.Option<NonNullable<SolveLimits[K]>> }

export const limitsWith = (given: GivenLimits) => (limits: SolveLimits): SolveLimits => ({
  timeS: Option.getOrElse(given.timeS, () => limits.timeS),
  gap: Option.getOrElse(given.gap, () => limits.gap),
  evaluations: Option.getOrElse(given.evaluations, () => limits.evaluations),
  seed: Option.getOrElse(given.seed, () => limits.seed)
})

export const withLimits = (scenario: Scenario, given: GivenLimits): Scenario =>
  ({ ...scenario, limits: limitsWith(given)(scenario.limits) })
