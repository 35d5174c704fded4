import type { Actions } from '../actions/createActions.ts'
import type { Entry } from '../actions/Entry.ts'
import { passMicrotasks } from './passMicrotasks.ts'

/**
 * Which action does the running code belong to? To what `run` put in force for the synchronous part of its function; else to
 * the frame it runs in: the microtasks that follow a promise settled by `settle`, or the user's gesture. Where two answers are
 * possible there is none: a wrong reference is worse than a fresh one.
 *
 * Events are noted as they reach the window, where shadow trees and events that code dispatches meanwhile hide nothing; one
 * is on the stack, or its listeners' microtasks are, exactly while its `eventPhase` is not 0. So it cannot leak into a timer or another click.
 */
export function createAttribution({ target, inTask, begin, record }: AttributionOptions): Attribution {
  let isOver = false
  let held: Entry | undefined
  let resumed: Frame | undefined
  let gesture: { owner?: Entry | null; readonly events: Event[] } | undefined

  function note(event: Event | undefined): void {
    if (!event?.isTrusted || !TYPES.includes(event.type) || gesture?.events.includes(event)) return
    if (!gesture || STARTS.test(event.type) || isForeign(event, gesture.events)) gesture = { events: [] }
    gesture.events.push(event)
    // The events of one press, a keydown, its click and the submit that causes, come in one task.
    inTask(() => (gesture = undefined))
  }
  // Adding them may take milliseconds, and the page is still starting.
  inTask(() => {
    for (const type of isOver ? [] : TYPES) target.addEventListener(type, note, true)
  })

  function frame(): Frame | undefined {
    if (resumed) return resumed
    // One that another listener stopped at the window, before it was noted.
    // oxlint-disable-next-line typescript/no-deprecated -- the only look at the event that needs no wrapped listeners
    note(globalThis.event)
    return gesture?.events.some(({ eventPhase }) => eventPhase) ? gesture : undefined
  }

  const owned = (): Frame | undefined => (held || resumed ? undefined : frame())

  /** The gesture's code is the action's from here on, unless another action has been part of it: then it is nobody's. */
  function claim(place: Frame | undefined, entry: Entry): void {
    if (place && place.owner !== entry)
      place.owner = place.owner?.spans.length === 0 || place.owner === undefined ? entry : null
  }

  return {
    current() {
      const place = frame()
      if (held || !place) return held
      if (place.owner === undefined) place.owner = begin({ event: place.events?.[0], name: nameIn(place.events) })
      return place.owner ?? undefined
    },

    open(name) {
      const place = owned()
      // One gesture, one reference: what the event's first call began is the action that now gets its name.
      const entry = place?.owner && !place.owner.explicit ? place.owner : begin({ event: place?.events?.[0] })
      claim(place, entry)
      entry.name = name.slice(0, LONGEST_NAME)
      entry.explicit = true
      record(entry)
      return entry
    },

    resume: (entry) => claim(owned(), entry),

    run(entry, fn) {
      const place = frame()
      // What `fn` resumes after a foreign promise cannot be told from the frame's own code any more. Ahead of any microtask it queues.
      if (place && place.owner !== entry) queueMicrotask(() => (place.owner = null))
      const before = held
      held = entry
      try {
        return fn()
      } finally {
        held = before
      }
    },

    settle(entry, done, isAlone) {
      const resume = async (): Promise<void> => {
        resumed = { owner: entry }
        done()
        await passMicrotasks()
        resumed = undefined
      }
      // Where nothing else is under way, all microtasks that follow are the promise's own reactions.
      if (isAlone && !resumed) void resume()
      else inTask(resume)
    },

    unlisten() {
      isOver = true
      for (const type of TYPES) target.removeEventListener(type, note, true)
    },
  }
}

export interface Attribution {
  /** By the user's gesture or what is in force; a fresh action, not yet recorded, at a gesture's first look. */
  current(): Entry | undefined
  /** Begins an action that has a handle. */
  open(name: string): Entry
  /** The customer takes the action up again: the running event is part of it. */
  resume(entry: Entry): void
  run<T>(entry: Entry, fn: () => T): T
  /**
   * Calls `done`, which settles a promise, with the action in force until the microtasks that follow have run: in a task of its own,
   * unless the one under way is known to be the platform's, which only settles this promise (`isAlone`).
   */
  settle(entry: Entry, done: () => void, isAlone?: boolean): void
  unlisten(): void
}

export interface AttributionOptions extends Pick<Actions, 'begin' | 'record'> {
  readonly target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
  /** Calls it in a task of its own, one after the other. */
  readonly inTask: (fn: () => void) => void
}

/** A stretch of code that belongs together, and whose it is: undefined as long as nobody asked, null where that is uncertain. */
interface Frame {
  owner?: Entry | null
  readonly events?: readonly Event[]
}

/** What a user does on purpose. Not hover, move, scroll, wheel, focus and blur, which happen on the way. */
const TYPES =
  'click submit keydown keyup input change paste cut drop pointerdown pointerup mousedown mouseup touchstart touchend'.split(
    ' ',
  )

/** A hand or a key moved: whatever went before is another gesture, even in the same task. */
const STARTS = /^(key|pointer)/

/** Whether it may be a timer's doing, which came before the gesture was over: `requestSubmit()` and `click()` on another element do that. */
function isForeign(event: Event, before: readonly Event[]): boolean {
  const cause: unknown = Object(event).submitter ?? event.target
  const isCause = ({ target }: Event): boolean => cause instanceof Node && cause.contains(target as Node)
  return SCRIPTED.test(event.type) && (before.some(({ type }) => type === event.type) || !before.some(isCause))
}

const SCRIPTED = /^(submit|input|change)$/

const LONGEST_NAME = 100

/** What the page's author called the place: the nearest `data-waybill-action`, the pressed button's before the form's. */
function nameIn(events: readonly Event[] = []): string | undefined {
  const event = events.at(-1)
  for (const target of [Object(event).submitter, event?.composedPath()[0]]) {
    const name = target instanceof Element && target.closest(`[${NAME}]`)?.getAttribute(NAME)
    if (name) return name
  }
  return undefined
}

const NAME = 'data-waybill-action'
