import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { siteUnit, spreadHbds } from "../../../models/design-space/site-spread.ts"
import { placement } from "../../../models/performance/placement.ts"
import { anyMapping } from "../performance/random-mapping.ts"
import { deepseekV3, mapping } from "../performance/subjects.ts"

/** Every way to deal whole units to the sites, each at least one: whether there is any. */
const canDeal = (needed: number, unit: number, room: ReadonlyArray<number>): boolean => {
  const [first, ...others] = room
  if (first === undefined) return needed === 0
  for (let hbds = unit; hbds <= Math.min(first, needed); hbds += unit) {
    if (canDeal(needed - hbds, unit, others)) return true
  }
  return false
}

describe("HBDs dealt to sites", () => {
  it("are dealt in whole units within each site's room whenever that can be done", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 12 }), fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 3 }),
      (unit, units, room) => {
        const needed = unit * units
        const order = room.map((_, i) => i).reverse()
        const placed = spreadHbds({ hbds: needed, needed, unit }, room, order)
        expect(placed !== null).toBe(canDeal(needed, unit, room))
        if (placed === null) return
        expect(placed.reduce((sum, hbds) => sum + hbds, 0)).toBe(needed)
        placed.forEach((hbds, i) => {
          expect(hbds).toBeGreaterThanOrEqual(unit)
          expect(hbds % unit).toBe(0)
          expect(hbds).toBeLessThanOrEqual(room[i]!)
        })
      }), { numRuns: 500 })
  })

  it("fill the first site of the order, and what is built beyond the need goes where there is room", () => {
    expect(spreadHbds({ hbds: 10, needed: 10, unit: 2 }, [20, 20], [1, 0])).toEqual([2, 8])
    expect(spreadHbds({ hbds: 13, needed: 10, unit: 2 }, [5, 9], [1, 0])).toEqual([4, 9])
    expect(spreadHbds({ hbds: 15, needed: 10, unit: 2 }, [5, 9], [1, 0])).toBeNull()
  })

  it("come in units that hold whole replicas with their experts, or whole stages", () => {
    fc.assert(fc.property(anyMapping(deepseekV3), fc.constantFrom(8, 16, 72), (subject, hbdSize) => {
      const { hbds, perHbd } = placement(subject, hbdSize)
      const unit = siteUnit(subject, hbdSize)
      expect(hbds % unit).toBe(0)
      const { tp, cp, ep, etp, pp, dp, order } = subject
      const isStaged = order === "tp-cp-dp-pp" && pp > 1
      const ranks = unit * perHbd
      const whole = isStaged ? tp * cp * dp : tp * cp * pp
      expect(ranks % whole).toBe(0)
      if (!isStaged) expect((tp * cp * (ranks / whole)) % (ep * etp)).toBe(0)
    }), { numRuns: 500 })
  })

  it("are single HBDs where each holds whole replicas", () => {
    expect(siteUnit(mapping({ tp: 8, pp: 1, dp: 64, order: "tp-cp-pp-dp" }), 8)).toBe(1)
    expect(siteUnit(mapping({ tp: 8, pp: 4, dp: 64, order: "tp-cp-pp-dp" }), 8)).toBe(4)
    expect(siteUnit(mapping({ tp: 8, pp: 4, dp: 64, order: "tp-cp-dp-pp" }), 8)).toBe(64)
  })
})
