/** What is in force of each source, by its index; undefined of one in which nothing is. */
export type Frames = readonly unknown[]

/**
 * Where carrying and what it carries meet: one for a page or worker, however many copies of the runtime and of its sources are
 * loaded, and in whichever order. Each makes it where it is not there yet.
 */
export interface CarryPoint {
  /**
   * What is in force in the stretch of a carried function that runs now; `NOTHING` where the function was called without.
   * Undefined outside such stretches, where only a source itself knows what is in force.
   */
  inForce: Frames | undefined
  /** Added to at the end only, so that an index stays. */
  readonly sources: Source[]
  /** Whether the next stretch that goes on is told to the sources. Taken back as it is. */
  isWatched: boolean
}

/** Answers what is in force of it now, by what is carried or otherwise. */
export interface Source {
  (): unknown
  /** A stretch goes on with `own`; it is inside another one where `outside` is not undefined. Who wants to hear of the next one says so anew. */
  saw?(own: Frames, outside: Frames | undefined): void
}

/** Nothing is in force of any source. Not frozen, for where frozen and other arrays meet, engines read both more slowly. */
export const NOTHING: Frames = []

/** The page's. */
export function carryPoint(): CarryPoint {
  const page = globalThis as { [CARRY]?: CarryPoint }
  return (page[CARRY] ??= { inForce: undefined, sources: [], isWatched: false })
}

/** What is in force of each source now. Most often just what is carried, and nothing is made anew. */
export function framesNow({ inForce, sources }: CarryPoint): Frames {
  let frames: unknown[] | undefined
  for (let index = 0; index < sources.length; index++) {
    const frame = sources[index]!()
    if (frame === inForce?.[index]) continue
    frames ??= [...(inForce ?? NOTHING)]
    frames[index] = frame
  }
  return frames ?? inForce ?? NOTHING
}

/** To be counted up whenever what is shared looks different. */
const CARRY = Symbol.for('waybill.carry.1')
