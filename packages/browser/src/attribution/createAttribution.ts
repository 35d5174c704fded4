import type { BeginOptions } from '../Waybill.ts'
import type { Actions } from '../actions/createActions.ts'
import { roundOf } from '../actions/Entry.ts'
import type { Entry, Round } from '../actions/Entry.ts'
import { MOST_BEGAN } from './carryPoint.ts'
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
  const { sources, began } = carrying
  let hasActed = false
  /** What the innermost `run` put in force. */
  let held: CarryPoint['inForce']
  let resumed: Frame | undefined
  let gesture: Frame | undefined
  /** Another window's gesture, whose code calls this one's. */
  let borrowed: Frame = { events: [] }
  let isEnding = false

  function note(event: Event | undefined, isLate?: unknown): void {
    if (signal.aborted || !event?.isTrusted || !TYPES.includes(event.type) || gesture?.events.includes(event)) return
    // Seen late, something may have gone on in it already.
    if (!isLate && !running()) began.length = 0
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
    for (const type of TYPES) target?.addEventListener(type, (event) => note(event), { capture: true, signal })
  })

  function running(): Frame | undefined {
    const { events = borrowed.events, begun } = shared
    if (borrowed.events !== events) borrowed = { events }
    borrowed.begun = begun
    return [resumed, gesture, borrowed].find(isRunning)
  }

  function frame(): Frame | undefined {
    // oxlint-disable-next-line typescript/no-deprecated -- the only look at the event that needs no wrapped listeners
    const { event } = globalThis
    // One that another listener stopped at the window, before it was noted.
    note(event, true)
    const place = running()
    return place && isTask(event) && !place.events.includes(event) ? undefined : place
  }

  /** The frame, unless others' code went on in it: what that calls may come back unseen, and cannot be told from the frame's own. */
  function certain(): Frame | undefined {
    const place = frame()
    const isOwn = place && began.length < MOST_BEGAN && began.every((each) => isPartOf(each[index] as Frame, place))
    return isOwn ? place : undefined
  }

  /** What is carried, null where that is nothing. Undefined outside of carried code. */
  function carried(): Frame | null | undefined {
    const { inForce, event } = carrying
    // oxlint-disable-next-line typescript/no-deprecated -- as above
    const now = event !== undefined && globalThis.event
    const isInside = !now || now === event || !isTask(now)
    return inForce && isInside ? ((inForce[index] as Frame | undefined) ?? null) : undefined
  }

  const index =
    sources.push(() => {
      const own = carried()
      const place = own === undefined ? certain() : own
      return place?.owner === null || place?.owner?.background ? undefined : (place ?? undefined)
    }) - 1
  signal.addEventListener('abort', () => (sources[index] = () => {}))

  /** In a task of its own; Firefox also runs tasks inside another, which waits for a dialog. */
  function later(fn: (event: Event) => void): void {
    inTask((event) => (running() ? void setTimeout(() => later(fn)) : fn(event)))
  }

  function ownerOf(place: Frame | null | undefined): Entry | undefined {
    if (place?.owner === undefined && place?.begun)
      place.owner = begin({ begun: place.begun, name: nameIn(place.events) })
    return place?.owner ?? undefined
  }

  /** A gesture that may still become an action's. */
  function owned(): Frame | undefined {
    const own = carried()
    const place = own === undefined ? certain() : own
    return place?.begun && (isRunning(place) || isFree(place)) ? place : undefined
  }

  /** The gesture's code is the action's from here on, unless another action has been part of it: then it is nobody's. */
  function claim(place: Frame | undefined, entry: Entry): void {
    if (!place || place.owner === entry) return
    if (isFree(place)) place.begun!.reference = entry.reference
    place.owner = isFree(place) ? entry : null
  }

  return {
    current() {
      const own = carried()
      if (own === undefined) return ownerOf(certain())
      const owner = ownerOf(own)
      if (owner && (carrying.inForce === held || !endOf(own))) return owner
      const place = frame()
      return place && isPartOf(own, place) ? ownerOf(place) : undefined
    },

    ledBy() {
      const own = carried()
      const end = endOf(own)
      return end && [{ traceId: own!.owner!.traceId, spanId: end.id, attributes: [] }]
    },

    open(name, options) {
      const place = owned()
      // One gesture, one reference: what the event's first call began is the action that now gets its name.
      const begun = place && (place.owner === undefined ? place.begun : { at: place.begun?.at })
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
      const { inForce, event } = carrying
      const place = frame()
      const before = held
      const frames = sources.map((source) => source())
      frames[index] = { owner: entry, events: [] }
      // What `fn` resumes after a foreign promise cannot be told from the frame's own code any more. Ahead of any microtask it queues.
      if (place && place.owner !== entry) queueMicrotask(() => began.push(frames))
      held = carrying.inForce = frames
      // oxlint-disable-next-line typescript/no-deprecated -- as above
      if (event !== undefined) carrying.event = globalThis.event ?? null
      try {
        return fn()
      } finally {
        held = before
        Object.assign(carrying, { inForce, event })
      }
    },

    settle(entry, done) {
      if (!carrying.inForce && certain()?.owner === entry) done()
      else
        later((event) => {
          resumed = { owner: entry, events: [event] }
          began.length = 0
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
  /** Of a gesture: the action that is to begin when somebody asks. */
  begun?: Begun | undefined
}

function isRunning(frame: Partial<Frame> | undefined): boolean | undefined {
  return frame?.events?.some(({ eventPhase }) => eventPhase)
}

/** An event in a task of its own, which code cannot bring about at once. */
function isTask(event: Event | undefined): event is Event {
  return !!event?.isTrusted && (event instanceof MessageEvent || TASKS.test(event.type))
}

const TASKS = /^(success|complete|error|upgradeneeded|blocked|open|close|load)/

function isFree({ owner }: Frame): boolean {
  return owner === undefined || owner?.spans.length === 0
}

/** The last round of the frame's action, if that has ended. */
function endOf(place: Frame | null | undefined): Round | undefined {
  const round = place?.owner && roundOf(place.owner)
  return round?.durationMs === undefined ? undefined : round
}

/** Whether what is carried may go on as the frame's action: its own, or a background call that nothing but this led to. */
function isPartOf(own: Frame | null | undefined, place: Frame): boolean {
  const { owner } = place
  if (own === place || (owner && owner === own?.owner)) return true
  const end = endOf(own)
  const isOver = !own || own.owner === null || end
  return !!isOver && !!owner?.background && owner.links?.[0]?.spanId === end?.id
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
