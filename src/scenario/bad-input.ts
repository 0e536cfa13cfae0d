/** What is the user's to mend: every mistake of one file, with exit code 2 and no stack trace. */
import { Runtime, Schema } from "effect"
import { formatMistake, Mistake } from "../schema/mistakes.ts"

export class BadInput extends Schema.TaggedError<BadInput>()("BadInput", {
  /** the file, or the flag */
  source: Schema.String,
  mistakes: Schema.Array(Mistake)
}) {
  override readonly [Runtime.errorExitCode] = 2
  override readonly [Runtime.errorReported] = false
  override get message(): string {
    const count = this.mistakes.length === 1 ? "1 mistake" : `${this.mistakes.length} mistakes`
    return [`${this.source}: ${count}`, ...this.mistakes.map((mistake) => `  ${formatMistake(mistake)}`)].join("\n")
  }
}

/** A mistake of the file as a whole. */
export const badFile = (source: string, found: string, expected: string): BadInput =>
  new BadInput({ source, mistakes: [{ path: "$", found, expected, nearest: null }] })
