/** Numbers and text as a report shows them: three digits, a prefix, lines of a fixed width. */

const prefixes = ["", "k", "M", "G", "T", "P", "E"] as const
const moneyPrefixes = ["", "k", "M", "bn", "tn"] as const

/** Three significant digits, without an exponent where that is shorter to read. */
export const formatNumber = (value: number): string => {
  const size = Math.abs(value)
  if (value === 0 || !Number.isFinite(value)) return String(value)
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2)
  if (size >= 999.5) return Math.round(value).toLocaleString("en-US")
  return String(Number(value.toPrecision(3)))
}

/** `4.62 M`: a number with the prefix that leaves one to three digits before the point. */
const withPrefix = (value: number, names: ReadonlyArray<string>): string => {
  const step = Math.abs(value) < 1000 ? 0 : Math.floor(Math.log10(Math.abs(value)) / 3 + 1e-9)
  const index = Math.min(step, names.length - 1)
  const scaled = Number((value / 1000 ** index).toPrecision(3))
  return index === 0 ? formatNumber(value) : `${formatPlain(scaled)} ${names[index]}`
}

/** `3.31 M`: a count where space is short. */
export const formatCount = (value: number): string => withPrefix(value, prefixes)

const formatPlain = (value: number): string => Math.abs(value) >= 1000 ? value.toLocaleString("en-US") : String(value)

const prefixed = new Set(["tokens/s", "W", "B", "USD", "kg", "tokens"])

/** A number with its unit: `19.8 MW`, `4.62 M tokens/s`, `$412 M`, `39.1 days`. */
export const formatQuantity = (value: number, unit: string): string => {
  const [base = unit, qualifier] = unit.split(/ (?=\()/)
  const suffix = qualifier === undefined ? "" : ` ${qualifier}`
  if (base === "USD") return `${value < 0 ? "-" : ""}$${withPrefix(Math.abs(value), moneyPrefixes)}${suffix}`
  if (!prefixed.has(base)) return `${formatNumber(value)} ${base}`.trim() + suffix
  const text = withPrefix(value, prefixes)
  const joined = base.length <= 2 && /[a-zA-Z]$/.test(text) ? `${text}${base}` : `${text} ${base}`
  return joined + suffix
}

export const formatSigned = (value: number, unit: string): string =>
  `${value < 0 ? "−" : "+"}${formatQuantity(Math.abs(value), unit)}`

/** `12.3 %`; what is not zero does not read as zero. */
export const formatPercent = (share: number): string => {
  const percent = share * 100
  if (percent !== 0 && Math.abs(percent) < 0.05) return percent < 0 ? "> −0.1 %" : "< 0.1 %"
  return `${Math.abs(percent) >= 99.95 ? Math.round(percent) : Number(percent.toFixed(1))} %`
}

/** `3.62 s`, `412 ms`, `95 µs`. */
export const formatSeconds = (seconds: number): string =>
  seconds >= 1 || seconds === 0
    ? `${formatNumber(seconds)} s`
    : seconds >= 1e-3
    ? `${formatNumber(seconds * 1e3)} ms`
    : `${formatNumber(seconds * 1e6)} µs`

/** Breaks text into lines of at most `width`, each indented. Words longer than a line are chopped. */
export const wrap = (text: string, width: number, indent = ""): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = indent
  for (const word of text.trim().split(/\s+/).flatMap((word) => chop(word, width - indent.length))) {
    const next = line === indent ? line + word : `${line} ${word}`
    if (next.length > width && line !== indent) {
      lines.push(line)
      line = indent + word
    } else line = next
  }
  return line === indent ? lines : [...lines, line]
}

const chop = (word: string, width: number): ReadonlyArray<string> =>
  word.length <= width ? (word === "" ? [] : [word]) : [word.slice(0, width), ...chop(word.slice(width), width)]

/** Text cut to `width`, the cut shown. */
export const cut = (text: string, width: number): string => text.length <= width ? text : `${text.slice(0, width - 1)}…`

/** Rows of cells in columns: the first flush left, the others flush right, cells cut to `widths`. */
export const table = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  widths: ReadonlyArray<number>
): ReadonlyArray<string> =>
  rows.map((row) =>
    row.map((cell, i) => {
      const width = widths[i] ?? cell.length
      return i === 0 ? cut(cell, width).padEnd(width) : cut(cell, width).padStart(width)
    }).join(" ").trimEnd()
  )

/** A bar of `width` characters at most for a share of 0–1. */
export const bar = (share: number, width: number): string => {
  const filled = Math.max(0, Math.min(width, Math.round(share * width)))
  return "█".repeat(filled) + "·".repeat(width - filled)
}
