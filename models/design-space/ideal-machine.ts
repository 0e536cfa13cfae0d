/** A scale-out fabric that none of an HBD's beats: the bound of a block, whatever stands behind it. */
import type { FabricPerformance } from "../performance/machine.ts"
import type { HbdDesign } from "./layout.ts"

/** The widest that the host's links or the silicon's lanes carry, without latency, reducing in the network. */
export function idealScaleOut({ GBps, accelerator, scaleOutMaxGbps }: HbdDesign): FabricPerformance {
  const most = scaleOutMaxGbps ?? accelerator.scaleOutMaxGbps ?? accelerator.scaleOutGbps
  const widest = most === null ? GBps : most / 8
  return {
    GBps: widest, latencyS: 0, topology: "switched", pairGBps: widest, dims: [], inNetworkReduction: true, taper: [],
    railOnly: false
  }
}
