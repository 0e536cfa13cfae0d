/** Keeps the memory of long searches in bounds: left alone, V8 lets the heap grow to several times what lives in it. */
import { setFlagsFromString } from "node:v8"

/** Of the whole process. Below, collecting more often would only cost time. */
const frugalFromBytes = 600e6
/** Per cent of what lives in the heap that may be added before it is collected. */
const growthPercent = 50
const lookMs = 250

/** From so much memory on the heaps of all threads grow by less. Keeps no process alive. */
export function holdHeap(): void {
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() < frugalFromBytes) return
    setFlagsFromString(`--heap-growing-percent=${growthPercent}`)
    clearInterval(watch)
  }, lookMs).unref()
}
