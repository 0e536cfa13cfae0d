/** The files of a sized fabric: its counts, its wiring link by link, its drawing. */
import type { FabricSize, FabricSpec } from "../../models/fabric/fabric.ts"
import { checkWiring } from "../../models/fabric/wiring-check.ts"
import { wireFabric } from "../../models/fabric/wiring.ts"
import type { Cabling } from "./cabling.ts"
import { fabricDocument } from "./document.ts"
import { drawFabric } from "./drawing.ts"
import { renderWiringCsv } from "./wiring-csv.ts"

export interface FabricFiles {
  readonly files: Readonly<Record<string, string>>
  readonly links: number
  readonly mistakes: ReadonlyArray<string>
}

/** Without a wiring where the fabric has more than `mostLinks` links. */
export const fabricFiles = (
  spec: FabricSpec,
  size: FabricSize,
  cabling: Cabling | null,
  mostLinks: number
): FabricFiles => {
  const total = Object.values(size.links).reduce((sum, links) => sum + links, 0)
  const counts = {
    "fabric.json": `${JSON.stringify(fabricDocument(size, cabling), null, 2)}\n`,
    "fabric.svg": drawFabric(spec, size)
  }
  if (total > mostLinks) return { files: counts, links: 0, mistakes: [] }
  const wiring = wireFabric(spec, size)
  return {
    files: { ...counts, "wiring.csv": renderWiringCsv(wiring, size.kind === "direct") },
    links: wiring.from.length,
    mistakes: checkWiring(spec, size, wiring)
  }
}
