/** A machine that no layout of an accelerator beats: all in one HBD, on the best of every fabric it can have. */
import type { FabricPerformance, Machine } from "../performance/machine.ts"

/** More accelerators than any site holds: every group lies inside the HBD. */
const boundlessHbd = 2 ** 30

/** Of machines with one accelerator: the widest bandwidth, the least latency, the most memory behind the widest host link. */
export function idealMachine(machines: ReadonlyArray<Machine>): Machine {
  const first = machines[0]
  if (first === undefined) throw new RangeError("no machine to idealise")
  const fabric = idealFabric(machines.flatMap(({ scaleUp, scaleOut }) => [scaleUp, scaleOut]))
  const hosts = machines.flatMap(({ host }) => (host === null ? [] : [host]))
  return {
    accelerator: first.accelerator,
    hbdSize: boundlessHbd,
    scaleUp: fabric,
    scaleOut: fabric,
    scaleAcross: null,
    host: hosts.length === 0 ? null : {
      memoryGB: Math.max(...hosts.map(({ memoryGB }) => memoryGB)),
      linkGBps: Math.max(...hosts.map(({ linkGBps }) => linkGBps))
    }
  }
}

function idealFabric(fabrics: ReadonlyArray<FabricPerformance>): FabricPerformance {
  const used = fabrics.filter(({ GBps }) => GBps > 0)
  const GBps = Math.max(...used.map((fabric) => fabric.GBps))
  return {
    GBps,
    latencyS: Math.min(...used.map(({ latencyS }) => latencyS)),
    topology: "switched",
    pairGBps: GBps,
    dims: [],
    inNetworkReduction: used.some(({ inNetworkReduction }) => inNetworkReduction),
    taper: [],
    railOnly: false
  }
}
