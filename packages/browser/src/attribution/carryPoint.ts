/**
 * Where the build plugin `@waybill/carry` meets us, which knows nothing of us and we nothing of it: this is one object of the page.
 * Whoever comes first makes it. Without a page, and so without customers, it is one that nobody else has.
 */
export function carryPoint(page: object | undefined): CarryPoint {
  const place: { [CARRY]?: CarryPoint } = page ?? {}
  return (place[CARRY] ??= { inForce: undefined, sources: [], isWatched: false })
}

export interface CarryPoint {
  /** What is in force, by source, in the stretch of a carried function that runs now. Undefined outside of those. */
  inForce: readonly unknown[] | undefined
  /** Never removed, so that an index stays. */
  readonly sources: Source[]
  /** Whether the sources are to see the next stretch that goes on. Taken back as they do. */
  isWatched: boolean
}

/** Answers what is in force of it now. */
export interface Source {
  (): unknown
  /** A stretch goes on in which `own` is in force; where `outside` is not undefined, inside another one. */
  saw?(own: readonly unknown[], outside: CarryPoint['inForce']): void
}

/** To be counted up whenever what is shared looks different. */
const CARRY = Symbol.for('waybill.carry.1')
