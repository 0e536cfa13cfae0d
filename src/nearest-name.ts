/** The valid name that a misspelt one most likely meant: by restricted Damerau–Levenshtein distance (Damerau 1964). */

/** Mistakes a name of `length` may hold and still be recognised: one in three letters. */
const tolerance = (length: number): number => Math.max(1, Math.floor(length / 3))

/**
 * The candidate with the fewest slips (ties: the first), else the shortest that begins with what was written, or null where
 * none is near. Case and `-_. ` do not count.
 */
export const nearestName = (name: string, candidates: Iterable<string>): string | null => {
  const wanted = normalize(name)
  let nearest: string | null = null
  let best = tolerance(wanted.length) + 1
  for (const candidate of candidates) {
    const slips = distance(wanted, normalize(candidate), best)
    if (slips < best) [best, nearest] = [slips, candidate]
  }
  return nearest ?? shortestBeginning(wanted, candidates)
}

/** Letters that say enough for a name to be continued. */
const leastBeginning = 3

const shortestBeginning = (wanted: string, candidates: Iterable<string>): string | null => {
  const continued = wanted.length < leastBeginning ? []
    : [...candidates].filter((candidate) => normalize(candidate).startsWith(wanted))
  return continued.reduce<string | null>((best, one) => (best === null || one.length < best.length ? one : best), null)
}

// long input is cut: nobody misspells a name of hundreds of letters, and the cost grows with the square
const normalize = (name: string): string => name.slice(0, 100).toLowerCase().replace(/[-_. ]/g, "")

/** Insertions, deletions, replacements and swaps of neighbours from `a` to `b`; `enough` stands for that many or more. */
const distance = (a: string, b: string, enough: number): number => {
  if (Math.abs(a.length - b.length) >= enough) return enough
  let older: Array<number> = []
  let old = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(Math.min(
        at(old, j) + 1,
        at(row, j - 1) + 1,
        at(old, j - 1) + (same ? 0 : 1),
        swapped ? at(older, j - 2) + 1 : Infinity
      ))
    }
    ;[older, old] = [old, row]
  }
  return at(old, b.length)
}

const at = (row: ReadonlyArray<number>, i: number): number => row[i] ?? Infinity
