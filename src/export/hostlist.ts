/** Numbers and Slurm's hostlist expressions of them. */

export const range = (first: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => first + i)

/** Slurm's hostlist expression of ascending numbers behind a prefix: `hall-node-[0-3,8]`. */
export function hostlist(prefix: string, numbers: ReadonlyArray<number>): string {
  if (numbers.length === 1) return `${prefix}${numbers[0]}`
  const spans: Array<[number, number]> = []
  for (const number of numbers) {
    const last = spans.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else spans.push([number, number])
  }
  return `${prefix}[${spans.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",")}]`
}
