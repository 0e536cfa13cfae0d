/** Where along an axis of numbers the best changes. */
import { type AnsweredBatch, type AnswerRow, labelText } from "./answers.ts"
import { type Contest, contestsOf, groupBy, isPlanned, isProvenAmong, type Planned } from "./contests.ts"
import { isNumeric, isSampled, keyBeside, strataOf } from "./strata.ts"

/** What wins over a stretch of an axis. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly choice: string
  /** in so many of so many places of it; all, unless usual */
  readonly wins: number
  readonly of: number
  /** everywhere in it; else another may win there, within the gaps */
  readonly isProven: boolean
}

/** A row of winners along an axis. */
export interface Crossover {
  readonly aspect: "accelerator" | "HBD size"
  readonly axis: string
  /** of samples, none of which differ in this axis alone: what wins more than half of each part of it */
  readonly isUsual: boolean
  /** what is the same all along */
  readonly otherwise: Readonly<Record<string, unknown>>
  /** at least two */
  readonly stretches: ReadonlyArray<Stretch>
}

const keyOf = { accelerator: "accelerator", "HBD size": "hbdSize" } as const

interface Place {
  readonly at: Readonly<Record<string, unknown>>
  readonly row: Planned
  readonly isProven: Contest["isProven"]
}

/** Where the winner changes along each axis of numbers; and where, for one choice alone, its own HBD size does. */
export function crossoversOf(batch: AnsweredBatch): ReadonlyArray<Crossover> {
  const contests = contestsOf(batch)
  const winners = contests.flatMap(({ circumstances, winner, isProven }): ReadonlyArray<Place> =>
    winner === null ? [] : [{ at: circumstances, row: winner, isProven }])
  const alone = batch.axes.some(({ isDecision }) => isDecision) ? batch.rows.filter(isPlanned).map(placeAlone) : []
  const numeric = batch.axes.filter(({ name, isDecision }) => !isDecision && isNumeric(batch, name))
  return numeric.flatMap(({ name }) => {
    const along = isSampled(batch, name, contests) ? usualAlong(batch, name, contests) : changesAlong
    return [
      ...along(name, winners, "accelerator"), ...along(name, winners, "HBD size"), ...changesAlong(name, alone, "HBD size")
    ]
  })
}

function placeAlone(row: Planned): Place {
  return { at: row.axes, row, isProven: { accelerator: true, hbdSize: isProvenAmong([row], row, "hbdSize") } }
}

function changesAlong(axis: string, places: ReadonlyArray<Place>, aspect: Crossover["aspect"]): ReadonlyArray<Crossover> {
  return groupBy(places, ({ at, row }) => `${row.objective} ${keyBeside(at, axis)}`).flatMap((group) => {
    const along = group.map(({ at, row, isProven }): Stretch => {
      const here = at[axis] as number
      return { from: here, to: here, choice: choiceIn(row, aspect), wins: 1, of: 1, isProven: isProven[keyOf[aspect]] }
    })
    const { [axis]: _, ...otherwise } = group[0]!.at
    return crossoverOf({ aspect, axis, isUsual: false, otherwise }, along.sort((a, b) => a.from - b.from))
  })
}

function usualAlong(batch: AnsweredBatch, axis: string, contests: ReadonlyArray<Contest>) {
  const strata = strataOf(batch, axis, contests)
  return (_: string, places: ReadonlyArray<Place>, aspect: Crossover["aspect"]): ReadonlyArray<Crossover> => {
    const stretchOf = (choice: string, from: number, to: number): Stretch => {
      const inside = places.filter(({ at }) => (at[axis] as number) >= from && (at[axis] as number) <= to)
      const won = inside.filter(({ row }) => choiceIn(row, aspect) === choice)
      return {
        from, to, choice, wins: won.length, of: inside.length, isProven: won.every(({ isProven }) => isProven[keyOf[aspect]])
      }
    }
    const along = strata.flatMap(({ from, to, rows }): ReadonlyArray<Stretch> => {
      const inside = new Set<AnswerRow>(rows)
      const own = places.filter(({ row }) => inside.has(row))
      const usual = groupBy(own, ({ row }) => choiceIn(row, aspect)).find(({ length }) => length > own.length / 2)
      return usual === undefined ? [] : [stretchOf(choiceIn(usual[0]!.row, aspect), from as number, to as number)]
    })
    // parts that nothing wins more than half of count where the same wins before and after
    return crossoverOf({ aspect, axis, isUsual: true, otherwise: {} }, along).map((crossover) =>
      ({ ...crossover, stretches: crossover.stretches.map(({ choice, from, to }) => stretchOf(choice, from, to)) }))
  }
}

function choiceIn({ accelerator, hbdSize }: Planned, aspect: Crossover["aspect"]): string {
  return aspect === "accelerator" ? accelerator : labelText(hbdSize)
}

/** None where nothing changes. */
function crossoverOf(head: Omit<Crossover, "stretches">, along: ReadonlyArray<Stretch>): ReadonlyArray<Crossover> {
  const stretches: Array<Stretch> = []
  for (const next of along) {
    const last = stretches.at(-1)
    if (last?.choice !== next.choice) stretches.push(next)
    else stretches[stretches.length - 1] = {
      ...last, to: next.to, wins: last.wins + next.wins, of: last.of + next.of, isProven: last.isProven && next.isProven
    }
  }
  return stretches.length < 2 ? [] : [{ ...head, stretches }]
}
