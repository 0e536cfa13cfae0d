/** The unit of a figure, read from its name: `powerMaxW` is W, `scaleUpGBps` GB/s. */

/** Endings of names, longest first: `GBps` before `s`. */
const endings: ReadonlyArray<readonly [string, string]> = [
  ["NsPerM", "ns/m"], ["M2PerRack", "m²"], ["Tflops", "TFLOP/s"], ["Tops", "TOP/s"], ["GBps", "GB/s"], ["Gbps", "Gb/s"],
  ["Usd", "USD"], ["GB", "GB"], ["KW", "kW"], ["Kg", "kg"], ["Ns", "ns"], ["B", "billion"], ["M", "m"],
  ["W", "W"]
]

/** Whole names that no ending tells. */
const names: Readonly<Record<string, string>> = { gbps: "Gb/s", rackUnits: "U" }

export const unitOf = (field: string): string => names[field] ?? endings.find(([ending]) => field.endsWith(ending))?.[1] ?? ""
