/** Names and other text of a recommendation, which may be anybody's, made harmless where a format gives characters a meaning. */

/** What no text format here carries within a line: control characters, line separators, halves of surrogate pairs. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+/gu

/** On one line: in comments and remarks a line end would begin something else. */
export const oneLine = (text: string): string => text.replaceAll(unprintable, " ")

/** A word of a POSIX shell, quoted where it must be. */
export const shellWord = (value: string | number): string =>
  /^[\w.,:/-]+$/.test(String(value)) ? String(value) : `'${String(value).replaceAll("'", `'\\''`)}'`

/** Character data or an attribute's value of XML 1.0. */
export const xmlText = (text: string | number): string =>
  oneLine(String(text)).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(`"`, "&quot;")

/** A text cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection). */
export const plainCell = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
