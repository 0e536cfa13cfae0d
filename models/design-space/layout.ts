/** The physical half of a candidate: what is built. The mapping is the other half. */
import type { Accelerator, ScaleUpTopology } from "../hardware/accelerator.ts"
import type { MediaLadder } from "../fabric/media.ts"
import type { RackLines } from "../fabric/scale-up.ts"
import type { CoolingClass } from "../hardware/facility.ts"
import type { Interconnect } from "../hardware/interconnect.ts"
import type { Nic } from "../hardware/nic.ts"
import type { Switch } from "../hardware/switch.ts"
import type { System } from "../hardware/system.ts"
import type { FabricPerformance } from "../performance/machine.ts"

/** One HBD: `hosts` building blocks whose accelerators share one scale-up fabric. */
export interface HbdDesign {
  readonly accelerator: Accelerator
  /** the node or tray it is made of */
  readonly host: System
  readonly hosts: number
  /** accelerators on one scale-up fabric = hosts × host.accelerators */
  readonly size: number
  readonly topology: ScaleUpTopology
  readonly tiers: 0 | 1 | 2
  /** null: direct links */
  readonly switch: Switch | null
  /** first tier on the hosts' boards, where it is another than `switch`; null without */
  readonly onBoardSwitch: Switch | null
  /** switches per tier, of one HBD, those on the hosts' boards included */
  readonly switches: { readonly l1: number; readonly l2: number; readonly opticalCircuit: number }
  readonly opticalCircuitSwitch: Switch | null
  readonly planes: number
  /** bandwidth of one accelerator into the fabric, one direction */
  readonly GBps: number
  /** the fabric as the performance model sees it */
  readonly performance: FabricPerformance
  /** links of one HBD by the medium that their reach asks for; those on a host's board left out */
  readonly links: ReadonlyArray<MediumCount>
  /** the racks that its media were chosen for; null: any */
  readonly racks: HbdRacks | null
  /** Gb/s of scale-out that the split of the silicon's lanes leaves one accelerator; null: as its host's links allow */
  readonly scaleOutMaxGbps: number | null
}

export interface MediumCount {
  readonly medium: Interconnect
  /** cables (or traces); each has two ends */
  readonly count: number
  /** the racks of the HBD that they join */
  readonly joins: RacksJoined
}

/** One rack each, any two of the HBD, or those of these lines. */
export type RacksJoined = "one" | "any" | ReadonlyArray<RackLines>

/** Of one HBD. */
export interface HbdRacks {
  readonly least: number
  readonly most: number
  /** hosts that each holds with their first-tier switches, where cables rely on it; null: as few racks as hold them all */
  readonly hostsTogether: number | null
}

/** How accelerators of different HBDs reach each other. */
export interface ScaleOutDesign {
  readonly nic: Nic
  readonly nicsPerAccelerator: number
  readonly topology: "single" | "clos" | "rail-only" | "dragonfly"
  readonly switch: Switch
  readonly tiers: 1 | 2 | 3
  /** 1: not rail-optimised */
  readonly rails: number
  readonly planes: number
  /** per tier boundary (leaf–spine, spine–core): bandwidth below over bandwidth above */
  readonly oversubscription: ReadonlyArray<number>
  /** of the link of an endpoint, Gb/s one direction: NIC bandwidth over planes */
  readonly linkGbps: number
  /** of the cables from a NIC to its leaf, and of those between switches: each takes the first that reaches */
  readonly endpointMedia: MediaLadder
  readonly trunkMedia: MediaLadder
}

/** A design without counts: one HBD design behind one scale-out design (null: a single HBD, no scale-out). */
export interface Design {
  readonly hbd: HbdDesign
  readonly scaleOut: ScaleOutDesign | null
}

export interface Layout extends Design {
  /** HBDs in all, and where they stand; every site listed, zeros included */
  readonly hbds: number
  readonly placement: ReadonlyArray<SitePlacement>
}

export interface SitePlacement {
  readonly site: string
  readonly hbds: number
  /** the cooling class its racks stand in */
  readonly coolingClass: CoolingClass
  /** limit of one rack, kW */
  readonly rackPowerKW: number
  readonly pue: number
}
