/** Tables of plain values as TOML 1.0 (https://toml.io/en/v1.0.0). */

export type TomlValue = string | number | boolean | ReadonlyArray<string> | ReadonlyArray<ReadonlyArray<string>>

/** Strings of JSON are basic strings of TOML but for DEL and halves of surrogate pairs, which TOML does not take. */
const render = (value: TomlValue): string =>
  JSON.stringify(value, (_, part) => (typeof part === "string" ? part.replaceAll(/\p{Cs}/gu, "\ufffd") : part))
    .replaceAll("\u007f", "\\u007f")

export const renderToml = (tables: Readonly<Record<string, Readonly<Record<string, TomlValue>>>>): string =>
  Object.entries(tables).map(([name, values]) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${render(value)}`), ""].join("\n")
  ).join("\n")
