/** A sized fabric as JSON: the shape that `fabric --json` prints. */
import type { FabricInfeasible, FabricSize } from "../../models/fabric/fabric.ts"
import type { Cabling } from "./cabling.ts"

/** `cabling` where lengths were given, else null. */
export const fabricDocument = (size: FabricSize | FabricInfeasible, cabling: Cabling | null) =>
  size.kind === "infeasible"
    ? { infeasible: { reason: size.reason, feasible: size.feasible } }
    : {
      topology: size.topology,
      endpoints: size.endpoints,
      switches: size.switches,
      links: size.links,
      transceivers: size.transceivers,
      cables: size.cables,
      bisectionGbps: size.bisectionGbps,
      maxEndpoints: size.maxEndpoints,
      hops: size.hops,
      ...cabling
    }
