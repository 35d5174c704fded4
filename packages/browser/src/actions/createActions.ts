import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { ActionFailure, ActionState } from '@waybill/trail'
import { attemptsOf, endOfCalls, isOpen, roundOf, settle, tellable } from './Entry.ts'
import type { Call, Entry, Span } from './Entry.ts'
import type { Kit } from '../Kit.ts'
import type { Begun } from '../attribution/sharedGesture.ts'
import type { SessionStore } from '../session/SessionStore.ts'

/** The life of actions: begun, joined by calls, ended, taken up again. Says what changed; knows nothing of storage or delivery. */
export function createActions(kit: ActionsOptions): Actions {
  const { now, after, person, session, changed } = kit
  /** Drop-in actions without an open call, by the seconds since. */
  const quiet = new Map<Entry, number>()
  let isTicking = false

  function goOn(entry: Entry, attempt: number): void {
    const { spans, startedAt, background } = entry
    entry.person ??= person()
    // Its id is known to nobody else, so the desk knows whose word the next one is.
    const parent = spans.length ? roundOf(entry).id : entry.parent
    add(spans, { id: mintSpanId(), parent, at: spans.length ? now() : startedAt, attempt, state: 'open', sent: 0 })
    changed(entry, background ? 0 : 2)
  }

  /** From here on the action is one to keep. */
  function record(entry: Entry): void {
    if (!entry.spans.length) goOn(entry, 1)
  }

  function end(entry: Entry, { state, error, failure, at = now() }: End): void {
    record(entry)
    // The answer was good, and the page crashed as it drew it.
    if (failure && roundOf(entry).state === 'succeeded') goOn(entry, roundOf(entry).attempt)
    if (!isOpen(entry)) return
    const round = roundOf(entry)
    settle(round, at, error)
    round.state = state
    round.failure = failure
    changed(entry, entry.background ? 1 : 2)
  }

  /** From here on it is silent, unless it has an open call or a handle that ends it. */
  function quieten(entry: Entry): void {
    if (entry.explicit || !entry.spans.every(tellable)) return
    quiet.set(entry, 0)
    if (!isTicking) tickLater()
  }

  /** One timer for all. */
  function tickLater(): void {
    isTicking = quiet.size > 0
    if (!isTicking) return
    after(1000, () => {
      for (const [entry, seconds] of quiet) {
        quiet.set(entry, seconds + 1)
        if (seconds < SILENCE_S) continue
        quiet.delete(entry)
        // The silence is not part of it.
        if (!entry.explicit) end(entry, endOfCalls(entry))
      }
      tickLater()
    })
  }

  return {
    begin({
      name = '',
      background = false,
      parent,
      links,
      begun = {},
      reference = (begun.reference ??= mintReference(kit)),
    }) {
      return {
        reference,
        traceId: traceIdOf(reference, kit),
        startedAt: begun.at ?? now(),
        session: session(),
        background,
        parent,
        links,
        name,
        explicit: false,
        facts: {},
        spans: [],
      }
    },

    record,
    end,

    startCall(entry, key, call) {
      const { spans } = entry
      quiet.delete(entry)
      entry.name ||= `${call.method} ${call.path}`
      record(entry)
      if (!isOpen(entry) && !entry.explicit) goOn(entry, roundOf(entry).attempt)
      const { id, attempt } = roundOf(entry)
      const before = spans.findLast((each) => each.method && each.key === key && tellable(each))
      const again = before?.error ? before.attempt + 1 : 1
      const started: Call = { ...call, parent: id, at: now(), attempt: Math.max(attempt, again), sent: 0 }
      // Not enumerable, so not stored.
      Object.defineProperty(started, 'key', { value: key })
      add(spans, started)
      changed(entry, entry.background ? 0 : 1)
      return started
    },

    endCall(entry, call, error) {
      settle(call, now(), error)
      // The customer may be about to see it.
      changed(entry, entry.background ? (error ? 2 : 0) : 1)
      quieten(entry)
    },

    retry(entry) {
      record(entry)
      end(entry, endOfCalls(entry, now()))
      goOn(entry, attemptsOf(entry) + 1)
      quieten(entry)
    },
  }
}

export interface Actions {
  /** Not yet recorded. */
  begin(options: EntryOptions): Entry
  record(entry: Entry): void
  end(entry: Entry, end: End): void
  /** `key`: method and whole URL. */
  startCall(entry: Entry, key: string, call: Pick<Call, 'id' | 'traceId' | 'method' | 'path'>): Call
  endCall(entry: Entry, call: Call, error?: string): void
  retry(entry: Entry): void
}

export interface End {
  readonly state: ActionState
  readonly error?: string | undefined
  readonly failure?: ActionFailure | undefined
  /** @default now */
  readonly at?: number
}

export interface EntryOptions {
  /** The span id of what led to it. @default nothing that is known */
  readonly parent?: string | undefined
  /** To what led to it under another reference. @default none */
  readonly links?: Entry['links']
  /** With the user's gesture. @default it begins now */
  readonly begun?: Begun | undefined
  /** @default its first call's */
  readonly name?: string | undefined
  readonly background?: boolean
  /** Brought along by a request or the page. @default a fresh one */
  readonly reference?: Reference | undefined
}

export interface ActionsOptions extends Kit, Pick<SessionStore, 'session' | 'changed' | 'person'> {}

/** Whole seconds, so up to three in all. */
const SILENCE_S = 2
/** Of one action: a poller inside a long action must not fill the store. The oldest settled call goes. */
const MOST_SPANS = 100

function add(spans: Span[], span: Span): void {
  if (spans.length > MOST_SPANS) {
    const oldest = spans.findIndex((each) => each.method && tellable(each))
    spans.splice(Math.max(1, oldest), 1)
  }
  spans.push(span)
}
