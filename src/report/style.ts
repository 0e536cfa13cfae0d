/** Emphasis: none in files and pipes, bold and dim on a terminal that wants it. */
export interface Style {
  readonly heading: (text: string) => string
  readonly faint: (text: string) => string
}

export const plain: Style = { heading: (text) => text, faint: (text) => text }

export const coloured: Style = {
  heading: (text) => `\u001b[1m${text}\u001b[22m`,
  faint: (text) => `\u001b[2m${text}\u001b[22m`
}
