/** In a sentence why a scenario has no plan, from what its search knows anyway: which limits conflict is a question of its own. */
import type { Recommendation } from "../../models/design-space/recommendation.ts"

const reasonsShown = 3

export function reasonOf({ status, limit, dropped, scenario }: Recommendation): string | null {
  if (status === "noSolution") return `nothing found before the limit of ${limit ?? "work"}`
  if (status !== "infeasible") return null
  const asked = scenario.search.accelerator ?? []
  // what was left out of the catalogue by choice is seldom the reason, unless the search asks for it
  const telling = dropped.filter(({ reason, examples }) =>
    !/not in catalog\.|excluded by catalog\./.test(reason) || examples.some((example) => asked.includes(example)))
  // a limit of the scenario's own first
  const shown = (telling.length > 0 ? telling : dropped)
    .toSorted((a, b) => Number(b.reason.includes("$.")) - Number(a.reason.includes("$."))).slice(0, reasonsShown)
  return shown.length === 0
    ? "no mapping fits the memory, or reaches what the objective asks for"
    : shown.map(({ reason, count, examples }) => `${reason} (${count}, as ${examples[0]})`).join("; ")
}
