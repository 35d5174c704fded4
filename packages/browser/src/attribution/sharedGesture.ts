import type { Reference } from '@waybill/reference'

/**
 * The user's gesture that is under way, as all waybills see it whose code may call one another's: those of one page, whichever
 * bundle each came in, and of its frames of the same origin. The first of them that begins an action in it says under which
 * reference. It lies on the outermost of these windows, under a symbol that names its version: another version keeps to itself.
 */
export function sharedGesture(page: typeof globalThis | undefined): SharedGesture {
  let place: { frameElement?: Element | null; [SHARED]?: SharedGesture } = page ?? {}
  // Null in another origin's frame, too.
  while (place.frameElement) place = place.frameElement.ownerDocument.defaultView!
  return (place[SHARED] ??= {})
}

export interface SharedGesture {
  /** It is under way as long as one of them is dispatched. */
  events?: Event[]
  begun?: Begun
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
