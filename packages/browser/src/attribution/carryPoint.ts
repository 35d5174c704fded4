/**
 * Where the build plugin `@waybill/carry` meets us, which knows nothing of us and we nothing of it: this is one object of the page.
 * Whoever comes first makes it. Without a page, and so without customers, it is one that nobody else has.
 */
export function carryPoint(page: object | undefined): CarryPoint {
  const place: { [CARRY]?: CarryPoint } = page ?? {}
  return (place[CARRY] ??= { inForce: undefined, sources: [], began: [] })
}

export interface CarryPoint {
  /** What is in force, by source, in the stretch of a carried function that runs now. Undefined outside of those. */
  inForce: readonly unknown[] | undefined
  /** Each says what is in force of it now. Never removed, so that an index stays. */
  readonly sources: (() => unknown)[]
  /** What such stretches went on with since this was emptied last; no more than `MOST_BEGAN`. */
  readonly began: (readonly unknown[])[]
  /** Under dispatch as the outermost stretch began, or null; undefined in browsers that run no task inside another. */
  event?: Event | null | undefined
}

/** More are not told apart. */
export const MOST_BEGAN = 32

/** To be counted up whenever what is shared looks different. */
const CARRY = Symbol.for('waybill.carry.1')
