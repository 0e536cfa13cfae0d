/** Names as parts of other names: lower-case letters, digits and hyphens, as host names, Slurm and NetBox take them. */

/** Leaves room for what follows in names of at most 64 characters: those of Slurm's switches and NetBox's devices. */
const mostCharacters = 40

/** Empty where the name has no such letter or digit. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "")
  return plain.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase().replace(/^-/, "").slice(0, mostCharacters).replace(/-$/, "")
}

/** A slug for each name, none empty, no two alike: `fallback-N` counts from 1 by position, `-2`, `-3` … tell equals apart. */
export function uniqueSlugs(names: ReadonlyArray<string>, fallback: string): ReadonlyArray<string> {
  const taken = new Set<string>()
  return names.map((name, i) => {
    const base = slugOf(name) || `${fallback}-${i + 1}`
    let slug = base
    for (let next = 2; taken.has(slug); next++) slug = `${base}-${next}`
    taken.add(slug)
    return slug
  })
}
