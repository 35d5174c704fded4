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
  /** Each answers what is in force of it now, by what is carried or otherwise. Added to at the end only, so that an index stays. */
  readonly sources: (() => unknown)[]
  /**
   * What stretches went on with since a source emptied this, each once and no more than `MOST_BEGAN`. A source that sees more in force
   * than what is carried knows by it whose code has run there, for what that calls and the plugin left alone may come back unseen.
   */
  readonly began: Frames[]
  /**
   * The event under dispatch as the outermost stretch began, or null. Firefox runs tasks inside a stretch that opens a dialog or
   * sends a request synchronously: ports' messages, answers of IndexedDB. A source sees by it who asks. Undefined elsewhere.
   */
  event?: Event | null | undefined
}

export const MOST_BEGAN = 32

/** Nothing is in force of any source. */
export const NOTHING: Frames = Object.freeze([])

/** The page's. */
export function carryPoint(): CarryPoint {
  const page = globalThis as { [CARRY]?: CarryPoint }
  return (page[CARRY] ??= { inForce: undefined, sources: [], began: [] })
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
  if (!frames) return inForce ?? NOTHING
  // Functions that one event calls share theirs, so that they are known to belong together.
  const isLast = frames.length === last.length && frames.every((frame, index) => frame === last[index])
  return isLast ? last : (last = frames)
}

let last = NOTHING

/** To be counted up whenever what is shared looks different. */
const CARRY = Symbol.for('waybill.carry.1')
