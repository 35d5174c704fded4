import type { BeginOptions } from '../Waybill.ts'
import type { Actions } from '../actions/createActions.ts'
import { roundOf } from '../actions/Entry.ts'
import type { Entry, Round } from '../actions/Entry.ts'
import type { CarryPoint } from './carryPoint.ts'
import type { TaskQueue } from './createTaskQueue.ts'
import type { Kit } from '../Kit.ts'
import type { Begun, SharedGesture } from './sharedGesture.ts'

/**
 * Which action does the running code belong to? To what `run` put in force for the synchronous part of its function; else to what
 * the build plugin carries; else to the frame it runs in: what follows a promise settled by `settle`, or the user's gesture.
 * Where two answers are possible there is none: a wrong reference is worse than a fresh one.
 *
 * A frame is the dispatch of an event, the user's or one of our own. An event is on the stack, or its listeners' microtasks are,
 * exactly while its `eventPhase` is not 0, so no frame can leak into a timer or another click. User's events are noted as they
 * reach the window, where events that code dispatches meanwhile hide nothing. What is carried is a frame, too, for whose action
 * nobody may have asked yet.
 */
export function createAttribution(kit: AttributionOptions): Attribution {
  const { target, inTask, signal, begin, record, shared, carrying, now } = kit
  const { sources } = carrying
  let hasActed = false
  let resumed: Frame | undefined
  let gesture: Frame | undefined
  /** Another window's gesture, whose code calls this one's. */
  let borrowed: Frame = { events: [] }
  let isEnding = false
  /** The task in which what is in force was put there. */
  let within: Event | undefined

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
    gesture!.begun = shared.begun
    running()
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

  function running(): Frame | undefined {
    const { events = borrowed.events, begun } = shared
    if (borrowed.events !== events) borrowed = { events }
    borrowed.begun = begun
    const place = [resumed, gesture, borrowed].find(isRunning)
    if (place) carrying.isWatched = true
    return place
  }

  /** The running frame, but nobody's where others' code has run in it: what that called may come back unseen, and cannot be told from the frame's own. */
  function frame(): Frame {
    // One that another listener stopped at the window, before it was noted.
    // oxlint-disable-next-line typescript/no-deprecated -- the only look at the event that needs no wrapped listeners
    note(globalThis.event)
    const place = running() ?? NOBODYS
    const task = taskNow()
    return place.isMixed || (task && !place.events.includes(task)) ? NOBODYS : place
  }

  const carriedIn = (frames: readonly unknown[]): Frame => (frames[index] as Frame | undefined) ?? NOBODYS

  /** What is carried; outside of carried code the frame. */
  function here(): Frame {
    const { inForce } = carrying
    const task = taskNow()
    return !inForce || (task && task !== within) ? frame() : carriedIn(inForce)
  }

  // A background call is continued as without the plugin: what goes on and on, as pollers do, would never end.
  const source = (): Frame | undefined => {
    const place = here()
    return place.owner === null || place.owner?.background ? undefined : place
  }
  source.saw = (own: readonly unknown[], outside: unknown): void => {
    if (!outside) within = taskNow()
    carrying.isWatched = NESTS_TASKS
    const place = running()
    if (place && !isPartOf(carriedIn(own), place)) place.isMixed = true
  }
  const index = sources.push(source) - 1
  carrying.isWatched = true
  signal.addEventListener('abort', () => (sources[index] = () => {}))

  /** In a task of its own; Firefox also runs tasks inside another, which waits for a dialog. */
  function later(fn: (event: Event) => void): void {
    inTask((event) => (running() ? void setTimeout(() => later(fn)) : fn(event)))
  }

  function ownerOf(place: Frame): Entry | undefined {
    if (place.owner === undefined) place.owner = begin({ begun: place.begun, name: nameIn(place.events) })
    return place.owner ?? undefined
  }

  /** The gesture's code is the action's from here on, unless another action has been part of it: then it is nobody's. */
  function claim(entry: Entry, place = owned()): void {
    if (!place || place.owner === entry) return
    const isOwn = isFree(place)
    place.owner = isOwn ? entry : null
    if (isOwn) place.begun!.reference = entry.reference
  }

  /** A gesture that is under way, or of which nothing has come yet. */
  function owned(): Frame | undefined {
    const place = here()
    return place.begun && (isRunning(place) || isFree(place)) ? place : undefined
  }

  return {
    current() {
      const own = here()
      const owner = ownerOf(own)
      if (owner && (own.isHeld || !endOf(own))) return owner
      const place = frame()
      return isPartOf(own, place) ? ownerOf(place) : undefined
    },

    ledBy() {
      const own = here()
      const end = endOf(own)
      return end && [{ traceId: own.owner!.traceId, spanId: end.id, attributes: [] }]
    },

    open(name, options) {
      const place = owned()
      // One gesture, one reference: what the event's first call began is the action that now gets its name.
      const begun = place && (place.owner === undefined ? place.begun : { at: place.begun?.at })
      const entry = place?.owner && !place.owner.explicit ? place.owner : begin({ begun })
      claim(entry, place)
      entry.name = name.slice(0, LONGEST_NAME)
      entry.explicit = true
      entry.repeatable = options?.repeatable === true
      record(entry)
      return entry
    },

    resume: (entry) => claim(entry),

    run(entry, fn) {
      const before = { within, inForce: carrying.inForce }
      const own: Frame = { owner: entry, events: [], isHeld: true }
      const frames = sources.map((each) => each())
      frames[index] = own
      carrying.inForce = frames
      within = taskNow()
      const place = running()
      // What `fn` resumes after a foreign promise cannot be told from the frame's own code any more. Ahead of any microtask it queues.
      if (place && place.owner !== entry) queueMicrotask(() => (place.isMixed = true))
      try {
        return fn()
      } finally {
        own.isHeld = false
        within = before.within
        carrying.inForce = before.inForce
      }
    },

    settle(entry, done) {
      if (!carrying.inForce && frame().owner === entry) done()
      else
        later((event) => {
          resumed = { owner: entry, events: [event] }
          running()
          done()
        })
    },

    hasActed: () => hasActed,
  }
}

export interface Attribution {
  /** By the user's gesture or what is in force; a fresh action, not yet recorded, at a gesture's first look. */
  current(): Entry | undefined
  /** Where the code is that of an action which has ended: what becomes of it is linked to that. */
  ledBy(): Entry['links']
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
  readonly carrying: CarryPoint
  readonly inTask: TaskQueue
}

/** A stretch of code that belongs together, and whose it is: undefined as long as nobody asked, null where that is uncertain. */
interface Frame {
  owner?: Entry | null
  readonly events: Event[]
  /** Others' code has run in it. */
  isMixed?: boolean
  /** Put in force by `run`, until its function returns. */
  isHeld?: boolean
  /** Of a gesture: the action that is to begin when somebody asks. */
  begun?: Begun | undefined
}

function isRunning(frame: Partial<Frame> | undefined): boolean | undefined {
  return frame?.events?.some(({ eventPhase }) => eventPhase)
}

/** The event that a task of its own is for, where that may be inside another: nothing that code brings about at once. */
function taskNow(): Event | undefined {
  // oxlint-disable-next-line typescript/no-deprecated -- as above
  const event = NESTS_TASKS ? globalThis.event : undefined
  return event?.isTrusted && (event instanceof MessageEvent || TASKS.test(event.type)) ? event : undefined
}

/** Firefox does, while a dialog is open or a synchronous request under way, and only Firefox has this. */
const NESTS_TASKS = 'mozInnerScreenX' in globalThis

/** Of IndexedDB, file readers and sockets. Timers and microtasks wait. */
const TASKS = /^(succ|comp|upgr|load|open|err)/

function isFree({ owner }: Frame): boolean {
  return owner === undefined || owner?.spans.length === 0
}

/** The last round of the frame's action, if that has ended. */
function endOf({ owner }: Frame): Round | undefined {
  const round = owner ? roundOf(owner) : undefined
  return round?.durationMs === undefined ? undefined : round
}

/** Whether code of one frame may go on in the other: of the same action, or nobody's in a background call that it alone led to. */
function isPartOf(own: Frame, place: Frame): boolean {
  const { owner } = place
  const end = endOf(own)
  return (
    own === place ||
    (!!owner &&
      (owner === own.owner ||
        (owner.background && (own.owner === null || !!end) && owner.links?.[0]?.spanId === end?.id)))
  )
}

const NOBODYS: Frame = { owner: null, events: [] }

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
