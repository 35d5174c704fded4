import { mintSpanId } from '@waybill/reference'
import { ATTRIBUTES, noteFacts } from '@waybill/trail'
import type { Effect, Facts, Hop, Step } from '@waybill/trail'
import { errorTypeOf } from './errorType.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/** Begins a step under `parent`. It is recorded when it ends; with `announce` its beginning is recorded as well, at once. */
export function openStep(options: StepOptions, { parent, service, now, record, onError }: StepSurroundings): OpenStep {
  const { hop, announce = false, attempt = parent.attempt } = options
  const { reference, traceId } = parent
  const id = mintSpanId()
  const at = now()
  const startedAt = performance.now()
  let { name, jobId } = options
  const facts: Record<string, string> = {}
  let attributes: Attributes = { ...options.attributes, ...(parent.refused && { [ATTRIBUTES.claimRefused]: true }) }
  let person: string | undefined
  let declared: { readonly effect: Effect; readonly remains?: string | undefined } | undefined
  let failure: string | undefined
  let ended = false

  const note = (target: Record<string, string>, noted: unknown): void => {
    try {
      noteFacts(ended ? undefined : target, noted, onError)
    } catch (error) {
      // A getter of the caller's.
      onError(error)
    }
  }
  note(facts, options.facts)

  const snapshot = (): Step => ({
    id,
    parentId: parent.spanId,
    reference,
    traceId,
    hop,
    service,
    name,
    at,
    durationMs: 0,
    status: 'running',
    attempt,
    maxAttempts: options.maxAttempts,
    jobId,
    ...(options.deadLetter && { deadLetter: true }),
    person,
    ...declared,
    ...(Object.keys(facts).length > 0 && { facts: { ...facts } }),
    attributes: defined(attributes),
  })

  if (announce) record({ ...snapshot(), id: mintSpanId(), startedFor: id })

  return {
    context: { reference, traceId, spanId: id, ...(attempt && { attempt }) },
    note: (noted) => note(facts, noted),
    set(more) {
      name = more.name ?? name
      jobId = more.jobId ?? jobId
      attributes = { ...attributes, ...more.attributes }
      failure = more.errorType ?? failure
    },
    identify(personId) {
      // An id is text of the same kind as a fact's.
      const known: Record<string, string> = {}
      note(known, { person: personId })
      person = known['person'] ?? person
    },
    effect(effect, remains) {
      declared = { effect, remains }
    },
    end(thrown) {
      if (ended) return
      ended = true
      if (thrown !== undefined) failure ??= errorTypeOf(thrown)
      declared ??= declaredBy(thrown)
      record({
        ...snapshot(),
        durationMs: Math.max(0, performance.now() - startedAt),
        status: failure ? 'error' : 'ok',
        ...(failure && { error: { type: failure } }),
      })
    },
  }
}

export interface StepOptions {
  readonly hop: Hop
  /** What is done, in few and constant words, free of user content: `POST /api/refunds`, `refunds`, `nightly sync`. */
  readonly name: string
  /** From 1. @default the attempt this work belongs to */
  readonly attempt?: number | undefined
  /** How many attempts there will be at most. */
  readonly maxAttempts?: number | undefined
  readonly jobId?: string | undefined
  /** The message was given up after its last attempt elsewhere and set aside; this is the work on what was set aside. @default false */
  readonly deadLetter?: boolean | undefined
  /** What support may know and search by: order number, ticket id. See `OpenStep.note`. */
  readonly facts?: Facts | undefined
  /** OpenTelemetry attributes by their semantic-convention names. */
  readonly attributes?: Attributes | undefined
  /** Record the beginning too, so that long work is seen while it goes on. @default false */
  readonly announce?: boolean | undefined
}

/** A step that goes on. Every method may be called until it has ended; none throws. */
export interface OpenStep {
  /** The context in which this step's work runs: with it in force, what follows is a part of the step. */
  readonly context: TraceContext
  /**
   * Adds facts that support may know and search by. At most 20 for a step, names of 1 to 40 `A-Z a-z 0-9 _ . -`, values of 200
   * characters, made one line. Null, undefined and empty text say nothing. What breaks that, or comes after the end, is left out
   * and goes to `onError`, and unless `NODE_ENV` is `production` to the console too, once.
   */
  note(facts: Facts): void
  /** Says what only becomes known on the way. */
  set(details: StepDetails): void
  /** The application's own id of the person whose action this is. It goes to the desk, which keeps only a hash of it. */
  identify(personId: string): void
  /**
   * Declares what the step did to the customer's business, and in a few constant words how it was left: `step.effect('held',
   * 'refund pending review')`. Without it nobody may advise a retry. An error with these two properties declares it too.
   */
  effect(effect: Effect, remains?: string): void
  /** Ends and records it, as failed when something `thrown` is given. A second call does nothing. */
  end(thrown?: unknown): void
}

export interface StepDetails {
  readonly name?: string | undefined
  readonly jobId?: string | undefined
  readonly attributes?: Attributes | undefined
  /** Marks the step failed, whether or not something is thrown: OpenTelemetry's `error.type`, such as `402`. */
  readonly errorType?: string | undefined
}

export interface StepSurroundings {
  readonly parent: TraceContext
  readonly service: string
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number
  readonly record: (step: Step) => void
  /** Hears of facts that were left out. Does not throw. */
  readonly onError: (error: unknown) => void
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

function defined(attributes: Attributes): Record<string, string | number | boolean> {
  const known: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) known[name] = value
  return known
}

function declaredBy(thrown: unknown): { effect: Effect; remains?: string | undefined } | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('effect' in thrown)) return undefined
  const effect = EFFECTS.find((each) => each === thrown.effect)
  const remains = 'remains' in thrown && typeof thrown.remains === 'string' ? thrown.remains : undefined
  return effect && { effect, remains }
}

const EFFECTS: readonly Effect[] = ['none', 'held', 'done']
