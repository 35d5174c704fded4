import type { Reference } from '@waybill/reference'

/**
 * The user's gesture that is under way, as all waybills see it whose code may call one another's: those of one page, whichever
 * bundle each came in, and of its frames of the same origin. The first of them that begins an action in it says under which
 * reference. It lies on the outermost window, under a symbol that names its version: another version keeps to itself.
 */
export function sharedGesture(page: object | undefined): SharedGesture {
  let place: { [SHARED]?: SharedGesture } = {}
  if (page)
    try {
      place = globalThis as typeof place
      // Where that is another origin's it refuses.
      if (top!.document) place = top as typeof place
    } catch {}
  return (place[SHARED] ??= { events: [], begun: {} })
}

export interface SharedGesture {
  /** It is under way as long as one of them is dispatched. */
  events: Event[]
  begun: Begun
}

/** Of an action. */
export interface Begun {
  /** Milliseconds since the epoch. */
  readonly at?: number | undefined
  /** Undefined as long as nobody looked. */
  reference?: Reference
}

/** To be counted up whenever what is shared looks different. */
const SHARED = Symbol.for('waybill.gesture.1')
