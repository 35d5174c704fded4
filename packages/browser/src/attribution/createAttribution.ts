import type { BeginOptions } from '../Waybill.ts'
import type { Actions } from '../actions/createActions.ts'
import type { Entry } from '../actions/Entry.ts'
import type { TaskQueue } from './createTaskQueue.ts'
import type { Kit } from '../Kit.ts'
import type { SharedGesture } from './sharedGesture.ts'

/**
 * Which action does the running code belong to? To what `run` put in force for the synchronous part of its function; else to
 * the frame it runs in: what follows a promise settled by `settle`, or the user's gesture. Where two answers are possible there
 * is none: a wrong reference is worse than a fresh one.
 *
 * A frame is the dispatch of an event, the user's or one of our own. An event is on the stack, or its listeners' microtasks are,
 * exactly while its `eventPhase` is not 0, so no frame can leak into a timer or another click. User's events are noted as they
 * reach the window, where events that code dispatches meanwhile hide nothing.
 */
export function createAttribution(kit: AttributionOptions): Attribution {
  const { target, inTask, signal, begin, record, shared, now } = kit
  let hasActed = false
  let held: Entry | undefined
  let resumed: Frame | undefined
  let gesture: Frame | undefined
  /** Another window's gesture, whose code calls this one's. */
  let borrowed: Frame | undefined
  let isEnding = false

  function note(event: Event | undefined): void {
    if (signal.aborted || !event?.isTrusted || !TYPES.includes(event.type) || gesture?.events.includes(event)) return
    hasActed = true
    const path = event.composedPath()
    targets.set(event, path[0])
    const isNew = !gesture || STARTS.test(event.type) || !(isRunning(gesture) || isCaused(event, gesture.events))
    if (isNew) gesture = { events: [] }
    gesture!.events.push(event)
    // An event's clock never steps; the difference to now puts it on the clock of the day.
    const at = now() - Math.max(0, performance.now() - event.timeStamp)
    if (!isRunning(shared)) Object.assign(shared, { events: gesture!.events, begun: { at } })
    // These do not leave the shadow tree they happen in.
    for (const root of path)
      if (root instanceof ShadowRoot) for (const type of ENCLOSED) root.addEventListener(type, note, true)
    // The events of one press, a keydown, its click and the submit that causes, come in one task.
    if (isEnding) return
    isEnding = true
    later(() => {
      isEnding = false
      gesture = undefined
    })
  }
  // Adding them may take milliseconds, and the page is still starting.
  inTask(() => {
    for (const type of TYPES) target?.addEventListener(type, note, { capture: true, signal })
  })

  function frame(): Frame | undefined {
    if (isRunning(resumed)) return resumed
    // One that another listener stopped at the window, before it was noted.
    // oxlint-disable-next-line typescript/no-deprecated -- the only look at the event that needs no wrapped listeners
    note(globalThis.event)
    if (borrowed?.events !== shared.events) borrowed = { events: shared.events ?? [] }
    return [gesture, borrowed].find(isRunning)
  }

  /** In a task of its own; Firefox also runs tasks inside another, which waits for a dialog. */
  function later(fn: (event: Event) => void): void {
    inTask((event) => (frame() ? void setTimeout(() => later(fn)) : fn(event)))
  }

  const owned = (): Frame | undefined => (held || isRunning(resumed) ? undefined : frame())

  /** The gesture's code is the action's from here on, unless another action has been part of it: then it is nobody's. */
  function claim(place: Frame | undefined, entry: Entry): void {
    if (!place || place.owner === entry) return
    const isFree = place.owner?.spans.length === 0 || place.owner === undefined
    place.owner = isFree ? entry : null
    if (isFree) shared.begun!.reference = entry.reference
  }

  return {
    current() {
      const place = frame()
      if (held || !place) return held
      if (place.owner === undefined) place.owner = begin({ begun: shared.begun, name: nameIn(place.events) })
      return place.owner ?? undefined
    },

    open(name, options) {
      const place = owned()
      // One gesture, one reference: what the event's first call began is the action that now gets its name.
      const begun = place && (place.owner === undefined ? shared.begun : { at: shared.begun?.at })
      const entry = place?.owner && !place.owner.explicit ? place.owner : begin({ begun })
      claim(place, entry)
      entry.name = name.slice(0, LONGEST_NAME)
      entry.explicit = true
      entry.repeatable = options?.repeatable === true
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

    settle(entry, done) {
      if (!held && frame()?.owner === entry) done()
      else
        later((event) => {
          resumed = { owner: entry, events: [event] }
          done()
        })
    },

    hasActed: () => hasActed,
  }
}

export interface Attribution {
  /** By the user's gesture or what is in force; a fresh action, not yet recorded, at a gesture's first look. */
  current(): Entry | undefined
  /** Begins an action that has a handle. */
  open(name: string, options?: BeginOptions): Entry
  /** The customer takes the action up again: the running event is part of it. */
  resume(entry: Entry): void
  run<T>(entry: Entry, fn: () => T): T
  /**
   * Calls `done`, which settles a promise, with the action in force until the microtasks that follow have run: in a task of its own,
   * unless it is in force already.
   */
  settle(entry: Entry, done: () => void): void
  /** Whether the customer did anything on this page yet. */
  hasActed(): boolean
}

export interface AttributionOptions extends Pick<Actions, 'begin' | 'record'>, Pick<Kit, 'now' | 'signal'> {
  readonly target: Pick<EventTarget, 'addEventListener'> | undefined
  readonly shared: SharedGesture
  readonly inTask: TaskQueue
}

/** A stretch of code that belongs together, and whose it is: undefined as long as nobody asked, null where that is uncertain. */
interface Frame {
  owner?: Entry | null
  readonly events: Event[]
}

function isRunning(frame: Partial<Frame> | undefined): boolean | undefined {
  return frame?.events?.some(({ eventPhase }) => eventPhase)
}

/** What a user does on purpose. Not hover, move, scroll, wheel, focus and blur, which happen on the way. */
const TYPES =
  'click dblclick auxclick contextmenu submit reset keydown keypress keyup beforeinput input change copy paste cut drop pointerdown pointerup mousedown mouseup touchstart touchend'.split(
    ' ',
  )

const ENCLOSED = ['submit', 'reset', 'change']

/** A hand or a key moved: whatever went before is another gesture, even in the same task. */
const STARTS = /^(key[du]|pointer)/

/**
 * Whether the gesture brought the event about. Otherwise it may be a timer's doing, which came before the gesture was over:
 * `requestSubmit()` and `click()` on another element do that.
 */
function isCaused(event: Event, before: readonly Event[]): boolean {
  const cause: unknown = Object(event).submitter ?? targets.get(event)
  const isCause = (each: Event): boolean => {
    const target: unknown = targets.get(each)
    return cause instanceof Node && (cause.contains(target as Node) || Object(target).form === cause)
  }
  return !SCRIPTED.test(event.type) || (before.every(({ type }) => type !== event.type) && before.some(isCause))
}

const SCRIPTED = /^(submit|reset|change)$|input$/

/** The innermost, which an event in a shadow tree forgets after its dispatch. */
const targets = new WeakMap<Event, EventTarget | undefined>()

const LONGEST_NAME = 100

/** What the page's author called the place: the nearest `data-waybill-action`, the pressed button's before the form's. */
function nameIn(events: readonly Event[]): string | undefined {
  for (const event of events.toReversed())
    for (const target of [Object(event).submitter, targets.get(event)]) {
      const name = target instanceof Element && target.closest(`[${NAME}]`)?.getAttribute(NAME)
      if (name) return name
    }
  return undefined
}

const NAME = 'data-waybill-action'
