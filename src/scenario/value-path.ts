/** Places in a scenario file by their path, `sites[0].power.limitMW`, and the file with another value at one. */

/** Keys of objects and positions in lists, from the root. */
export type ValuePath = ReadonlyArray<string | number>

const step = /([^.[\]]+)|\[(\d{1,6})\]/y

/** `$.sites[0].racks` with or without `$.`; null where the text is no path. */
export const parsePath = (text: string): ValuePath | null => {
  const path: Array<string | number> = []
  let at = text.startsWith("$.") ? 2 : 0
  while (at < text.length) {
    step.lastIndex = at
    const [found, key, position] = step.exec(text) ?? []
    if (found === undefined) return null
    path.push(key ?? Number(position))
    at += found.length
    if (text[at] === "." && at + 1 < text.length) at++
    else if (at < text.length && text[at] !== "[") return null
  }
  return path.length > 0 && typeof path[0] === "string" ? path : null
}

type Tree = { readonly [key: string]: unknown }

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value)

/** A copy of `tree` that holds `value` at `path`; what is not there yet, or is no object, is made. */
export const withValueAt = (tree: unknown, [key, ...rest]: ValuePath, value: unknown): unknown => {
  if (key === undefined) return value
  if (typeof key === "number") {
    const list: ReadonlyArray<unknown> = Array.isArray(tree) ? tree : []
    return [...list.slice(0, key), withValueAt(list[key], rest, value), ...list.slice(key + 1)]
  }
  const own = isTree(tree) ? tree : {}
  return { ...own, [key]: withValueAt(own[key], rest, value) }
}

/** Where a path asks for a position beyond the next that its list may be given, and the list's length; null: nowhere. */
export const positionBeyond = (
  tree: unknown, path: ValuePath, depth = 0
): { readonly at: ValuePath; readonly length: number } | null => {
  const key = path[depth]
  if (key === undefined) return null
  if (typeof key === "string") return positionBeyond(isTree(tree) ? tree[key] : undefined, path, depth + 1)
  const list: ReadonlyArray<unknown> = Array.isArray(tree) ? tree : []
  if (key > list.length) return { at: path.slice(0, depth + 1), length: list.length }
  return positionBeyond(list[key], path, depth + 1)
}
