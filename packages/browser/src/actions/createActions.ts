import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { MintOptions, Reference } from '@waybill/reference'
import type { ActionState, StepError } from '@waybill/trail'
import { isAbandonment, lastRound, stateOfSilence } from './Entry.ts'
import type { Call, Entry, Round } from './Entry.ts'
import type { EndedCall, LiveAction, StartedCall } from './LiveAction.ts'

/** The life of actions: begun, joined by calls, ended, taken up again. Says what changed; knows nothing of storage or delivery. */
export function createActions({
  namespace,
  length,
  random,
  now,
  after,
  session,
  onRecord,
  onChange,
}: ActionsOptions): Actions {
  const actions = new WeakMap<Entry, LiveAction>()
  let person: string | undefined

  function follow(entry: Entry, isRecorded: boolean): LiveAction {
    const traceId = traceIdOf(entry.reference, { namespace })
    const action: LiveAction = { entry, traceId, isRecorded, openCalls: 0, failures: new Map() }
    actions.set(entry, action)
    return action
  }

  function change({ entry, isRecorded }: LiveAction, isUrgent: boolean): void {
    entry.person ??= person
    if (isRecorded) onChange(entry, isUrgent)
  }

  function record(action: LiveAction): void {
    if (action.isRecorded) return
    action.isRecorded = true
    onRecord(action.entry)
    change(action, true)
  }

  function end(action: LiveAction, state: ActionState, error?: StepError): void {
    record(action)
    const round = lastRound(action.entry)
    if (round.endedAt !== undefined) return
    round.endedAt = now()
    round.state = state
    round.error = error
    change(action, true)
  }

  function goOn(action: LiveAction, attempt: number): void {
    action.entry.rounds.push(newRound(now(), attempt))
    change(action, true)
  }

  function fallSilent(action: LiveAction): void {
    const { entry } = action
    if (entry.explicit || action.openCalls > 0) return
    const state = stateOfSilence(entry)
    end(action, state, state === 'failed' ? entry.calls.at(-1)?.error : undefined)
  }

  return {
    begin({ name = '', eventAt, explicit = false, background = false, reference, attempt = 1 }) {
      // An event's clock never steps; the difference to now puts it on the clock of the day.
      const at = eventAt === undefined ? now() : now() - Math.max(0, performance.now() - eventAt)
      const entry: Entry = {
        reference: reference ?? mintReference({ length, random }),
        at,
        session: session(),
        background,
        name: name.slice(0, LONGEST_NAME),
        explicit,
        facts: {},
        rounds: [newRound(at, attempt)],
        calls: [],
      }
      const action = follow(entry, false)
      if (explicit) record(action)
      return action
    },

    of: (entry) => actions.get(entry) ?? follow(entry, true),
    record,

    rename(action, name) {
      action.entry.name = name.slice(0, LONGEST_NAME)
      action.entry.explicit = true
      record(action)
      change(action, false)
      return action
    },

    startCall(action, { id, method, path, key, traceId }) {
      const { entry, failures } = action
      action.openCalls++
      action.cancelSilence?.()
      entry.name ||= `${method} ${path}`
      const before = lastRound(entry)
      if (before.endedAt !== undefined && !entry.explicit) goOn(action, before.attempt)
      const round = lastRound(entry)
      const attempt = Math.max(round.attempt, (failures.get(key) ?? 0) + 1)
      const call: Call = { id, round: round.id, traceId, method, path, at: now(), attempt, sent: false }
      if (entry.calls.length >= MOST_CALLS) entry.calls.splice(Math.max(0, entry.calls.findIndex(isSettled)), 1)
      entry.calls.push(call)
      record(action)
      change(action, false)
      return call
    },

    endCall(action, call, { key, status, error }) {
      call.durationMs = Math.max(0, now() - call.at)
      call.status = status
      call.error = error
      if (error) action.failures.set(key, call.attempt)
      else action.failures.delete(key)
      action.openCalls--
      if (!action.entry.explicit) {
        action.cancelSilence?.()
        action.cancelSilence = after(SILENCE_MS, () => fallSilent(action))
      }
      change(action, false)
    },

    end(action, state, error) {
      end(action, error && isAbandonment(error) ? 'abandoned' : state, error)
    },

    retry(action) {
      const { entry } = action
      end(action, 'abandoned')
      goOn(action, Math.max(...[...entry.rounds, ...entry.calls].map(({ attempt }) => attempt)) + 1)
    },

    note(action, facts) {
      Object.assign(action.entry.facts, facts)
      record(action)
      change(action, false)
    },

    identify(id) {
      person = id
    },
  }
}

export interface Actions {
  begin(options: BeginOptions): LiveAction
  of(entry: Entry): LiveAction
  record(action: LiveAction): void
  rename(action: LiveAction, name: string): LiveAction
  startCall(action: LiveAction, call: StartedCall): Call
  endCall(action: LiveAction, call: Call, end: EndedCall): void
  end(action: LiveAction, state: ActionState, error?: StepError): void
  retry(action: LiveAction): void
  note(action: LiveAction, facts: Readonly<Record<string, string>>): void
  identify(person: string | undefined): void
}

export interface BeginOptions {
  readonly name?: string | undefined
  /** Of the user's event, on the clock of `performance.now()`. */
  readonly eventAt?: number | undefined
  readonly explicit?: boolean
  readonly background?: boolean
  /** Minted, unless a request brought one along. */
  readonly reference?: Reference | undefined
  readonly attempt?: number
}

export interface ActionsOptions extends MintOptions {
  readonly namespace?: string | undefined
  readonly now: () => number
  readonly after: (ms: number, fn: () => void) => () => void
  /** The running session's id. */
  readonly session: () => string
  /** From here on the entry is one to keep. */
  readonly onRecord: (entry: Entry) => void
  readonly onChange: (entry: Entry, isUrgent: boolean) => void
}

const SILENCE_MS = 2000
const LONGEST_NAME = 100
/** Of one action: a poller inside a long action must not fill the store. The oldest settled one goes. */
const MOST_CALLS = 100

function newRound(at: number, attempt: number): Round {
  return { id: mintSpanId(), at, attempt, state: 'open', sent: 0 }
}

function isSettled({ durationMs }: Call): boolean {
  return durationMs !== undefined
}
