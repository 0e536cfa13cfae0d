/** Whether a file is a database of DuckDB, without opening it as one. */
import { closeSync, openSync, readSync } from "node:fs"

/** A database of DuckDB has `DUCK` after the checksum of its first block. */
export function isDatabase(path: string): boolean {
  try {
    const file = openSync(path, "r")
    const head = Buffer.alloc(12)
    readSync(file, head, 0, 12, 0)
    closeSync(file)
    return head.toString("latin1", 8) === "DUCK"
  } catch {
    return false
  }
}
