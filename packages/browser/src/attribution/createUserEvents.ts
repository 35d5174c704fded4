/**
 * Which gesture of the user the running code belongs to. `globalThis.event` names the event exactly while it is dispatched
 * and in the microtasks of its listeners, so it cannot leak into a timer or another click.
 *
 * It is undefined inside shadow trees, hides a user's event behind one that code dispatches meanwhile, and does not tell
 * that a keydown, its click and its submit are one gesture. For these three, events are also noted as they reach the
 * window: one whose `eventPhase` is not 0 is on the stack, and events of one task belong together.
 */
export function createUserEvents({ target, after }: UserEventsOptions): UserEvents {
  const gestures = new WeakMap<Event, Gesture>()
  let dispatched: Event[] = []
  let latest: Gesture | undefined
  let cancel: (() => void) | undefined

  function note(event: Event): void {
    if (!event.isTrusted) return
    dispatched = dispatched.filter((each) => each.eventPhase !== 0)
    dispatched.push(event)
    latest = !latest || STARTS.has(event.type) ? { at: event.timeStamp, event } : Object.assign(latest, { event })
    gestures.set(event, latest)
    // No task can begin before this one is over; a gesture that begins before the timer fires is one of STARTS.
    cancel ??= after(0, () => {
      cancel = latest = undefined
      dispatched = []
    })
  }

  for (const type of TYPES) target?.addEventListener(type, note, LISTEN)

  return {
    current() {
      // oxlint-disable-next-line typescript/no-deprecated -- the only look at the event that needs no wrapped listeners
      const { event } = globalThis
      const known = event && gestures.get(event)
      if (known) return known
      const onStack = dispatched.findLast((each) => each.eventPhase !== 0)
      if (onStack) return gestures.get(onStack)
      // One that another listener stopped at the window, before it was noted.
      if (!event?.isTrusted || !TYPES.includes(event.type)) return undefined
      const gesture: Gesture = { at: event.timeStamp, event }
      gestures.set(event, gesture)
      return gesture
    },
    stop() {
      cancel?.()
      for (const type of TYPES) target?.removeEventListener(type, note, LISTEN)
    },
  }
}

/** The events of one press, key or touch: a keydown, its click and the submit that causes; compared by identity. */
export interface Gesture {
  /** When its first event happened, on the clock of `performance.now()`. */
  readonly at: number
  /** Its event so far. */
  readonly event: Event
}

export interface UserEvents {
  current(): Gesture | undefined
  stop(): void
}

export interface UserEventsOptions {
  /** Undefined where there are no users, such as on a server. */
  readonly target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined
  readonly after: (ms: number, fn: () => void) => () => void
}

/** What a user does on purpose. Not hover, move, scroll, wheel, focus and blur, which happen on the way. */
const TYPES: readonly string[] =
  'click submit keydown keyup input change paste cut drop pointerdown pointerup mousedown mouseup touchstart touchend'.split(
    ' ',
  )

/** A hand or a key moved: whatever went before is another gesture, even in the same task. */
const STARTS: ReadonlySet<string> = new Set(['keydown', 'keyup', 'pointerdown', 'pointerup'])

const LISTEN = { capture: true, passive: true }
