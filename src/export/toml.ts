/** Tables of plain values as TOML 1.0 (https://toml.io/en/v1.0.0). */

export type TomlValue = string | number | boolean | ReadonlyArray<string>

/** Strings of JSON are basic strings of TOML. */
export const renderToml = (tables: Readonly<Record<string, Readonly<Record<string, TomlValue>>>>): string =>
  Object.entries(tables).map(([name, values]) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`), ""].join("\n")
  ).join("\n")
