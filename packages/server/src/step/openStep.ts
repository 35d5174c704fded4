import { mintSpanId } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { ATTRIBUTES, noteFacts } from '@waybill/trail'
import type { Effect, Facts, Hop, Step, StepLink } from '@waybill/trail'
import { errorTypeOf } from './errorType.ts'
import { holdBack } from './holdBack.ts'
import type { Hold } from './holdBack.ts'
import type { TraceContext } from '../context/TraceContext.ts'

/**
 * Begins a step under `parent`. It is recorded when it ends; with `announce` its beginning is recorded as well, at once. Requests
 * pass through here by the thousand, so nothing is made before it is needed.
 */
export function openStep(
  options: StepOptions,
  { parent, service, now, record: recordNow, onError }: StepSurroundings,
): OpenStep {
  let { reference, traceId, spanId: parentId } = parent
  let { attempt = parent.attempt } = options
  const { tell = 'always' } = options
  const hold = StepContext.holdIn(parent)
  const record = recordNow && hold ? (told: Step) => hold(() => recordNow(told)) : recordNow
  const inside = tell === 'always' ? undefined : holdBack(hold)
  const id = mintSpanId()
  const at = now()
  const startedAt = performance.now()
  let links = options.links?.map(linkTo)
  let { name, jobId, maxAttempts } = options
  let facts: Record<string, string> | undefined
  const attributes: Record<string, Plain> = {}
  let person: string | undefined
  let declared: Declared | undefined
  let failure: string | undefined
  let isCutShort = false
  let ended = false

  const note = (target: Record<string, string> | undefined, noted: unknown): void => {
    try {
      noteFacts(target, noted, onError)
    } catch (error) {
      // A getter of the caller's.
      onError(error)
    }
  }
  const elapsed = (): number => Math.max(0, performance.now() - startedAt)
  const told = (own: Pick<Step, 'id' | 'durationMs' | 'status'>): Step => {
    const step: Writable<Step> = {
      parentId,
      reference,
      traceId,
      hop: options.hop,
      service,
      name,
      at,
      attempt,
      maxAttempts,
      jobId,
      person,
      attributes: { ...attributes },
      ...own,
    }
    if (options.deadLetter) step.deadLetter = true
    if (failure) step.error = { type: failure }
    if (declared) ({ effect: step.effect, remains: step.remains } = declared)
    if (links?.length) step.links = links
    if (facts && Object.keys(facts).length > 0) step.facts = { ...facts }
    return step
  }

  addDefined(attributes, options.attributes)
  if (parent.refused) attributes[ATTRIBUTES.claimRefused] = true
  if (options.facts) note((facts = {}), options.facts)
  if (options.announce) record?.({ ...told({ id: mintSpanId(), durationMs: 0, status: 'running' }), startedFor: id })

  const context = new StepContext(
    { reference, traceId, spanId: id, attempt },
    { step: () => step, hold: inside?.hold ?? hold },
  )
  const step: OpenStep = {
    context,
    note: (noted) => note(ended ? undefined : (facts ??= {}), noted),
    set(more) {
      name = more.name ?? name
      jobId = more.jobId ?? jobId
      maxAttempts = more.maxAttempts ?? maxAttempts
      addDefined(attributes, more.attributes)
      if (more.links) links = [...(links ?? []), ...more.links.map(linkTo)]
      failure = more.errorType ?? failure
    },
    identify(personId) {
      // An id is text of the same kind as a fact's.
      const known: Record<string, string> = {}
      note(ended ? undefined : known, { person: personId })
      person = known['person'] ?? person
    },
    belongTo(action) {
      // An announced beginning would stay where it is, and read as going on for ever.
      if (ended || options.announce) return
      attempt = action.attempt ?? attempt
      if (action.reference !== reference) ({ reference, traceId, spanId: parentId } = action)
      context.moveTo({ reference, traceId, attempt })
    },
    effect(effect, remains) {
      declared = { effect, remains }
    },
    cutShort(errorType) {
      if (ended || isCutShort) return
      isCutShort = true
      record?.({ ...told({ id, durationMs: elapsed(), status: 'error' }), error: { type: errorType } })
    },
    end(thrown) {
      if (ended) return
      ended = true
      if (thrown !== undefined) {
        failure ??= errorTypeOf(thrown)
        declared ??= declaredBy(thrown)
      }
      inside?.end({ isTold: failure !== undefined })
      if (tell === 'if-failed' && !failure) return
      record?.(told({ id, durationMs: elapsed(), status: failure ? 'error' : 'ok' }))
    },
  }
  return step
}

/** The step in whose context the code runs; undefined where the context is none of a step's own. */
export function stepOf(context: TraceContext): OpenStep | undefined {
  return StepContext.stepOf(context)
}

/** Plain data that leads back to its step. Not by a field: a copy, a log line or a comparison of it holds nothing of the step. */
class StepContext implements TraceContext {
  reference: Reference
  traceId: string
  readonly spanId: string
  attempt: number | undefined
  readonly #inner: Inner

  constructor({ reference, traceId, spanId, attempt }: TraceContext & { spanId: string }, inner: Inner) {
    this.reference = reference
    this.traceId = traceId
    this.spanId = spanId
    this.attempt = attempt
    this.#inner = inner
  }

  moveTo({ reference, traceId, attempt }: TraceContext): void {
    this.reference = reference
    this.traceId = traceId
    this.attempt = attempt
  }

  static stepOf(context: TraceContext): OpenStep | undefined {
    return #inner in context ? context.#inner.step() : undefined
  }

  /** Holds back what is to be told of steps inside; undefined where that may be told at once. */
  static holdIn(context: TraceContext): Hold | undefined {
    return #inner in context ? context.#inner.hold : undefined
  }
}

interface Inner {
  readonly step: () => OpenStep
  readonly hold: Hold | undefined
}

export interface StepOptions {
  readonly hop: Hop
  /** Whose part it is. @default the context in force, or else a new one */
  readonly parent?: TraceContext | undefined
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
  /** Other trails that this step belongs with; say it on both sides. At most 32. */
  readonly links?: readonly Link[] | undefined
  /** OpenTelemetry attributes by their semantic-convention names. */
  readonly attributes?: Attributes | undefined
  /**
   * Whether it is told that it went well: `without-parts` without what happened inside it in this process, `if-failed` not at all. What
   * fails is told with all its parts. For work of which there are thousands alike, such as the items of a batch. @default 'always'
   */
  readonly tell?: 'always' | 'without-parts' | 'if-failed' | undefined
  /** Record the beginning too, so that long work is seen while it goes on. @default false */
  readonly announce?: boolean | undefined
}

export interface Link {
  /** `parent`: this step came of what is there. `child`: what is there came of this step. */
  readonly rel: StepLink['rel']
  /** The context there, as `accept` makes it of a message or a stored reference. */
  readonly to: TraceContext
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
   * Says whose action this is a part of, where only what came with it tells, as the body of a webhook or a form does: the step and what
   * it does from now on go on under that reference, as that attempt. Call it before anything else is begun here, for that stays where
   * it is. Does nothing for a step that has ended or was announced.
   */
  belongTo(action: TraceContext): void
  /**
   * Declares what the step did to the customer's business, and in a few constant words how it was left: `step.effect('held',
   * 'refund pending review')`. Without it nobody may advise a retry. An error with these two properties declares it too.
   */
  effect(effect: Effect, remains?: string): void
  /**
   * Records it as it stands, as failed by `errorType`: whoever waited for it went away. It goes on, and what `end` tells of it later
   * counts instead. `aborted` is what the trail reads so.
   */
  cutShort(errorType: 'aborted'): void
  /** Ends and records it, as failed when something `thrown` is given. A second call does nothing. */
  end(thrown?: unknown): void
}

export interface StepDetails {
  readonly name?: string | undefined
  readonly jobId?: string | undefined
  /** The attempt's own number says that it was the last, whatever number was planned. */
  readonly maxAttempts?: number | undefined
  readonly attributes?: Attributes | undefined
  /** Added to those that it has. */
  readonly links?: readonly Link[] | undefined
  /** Marks the step failed, whether or not something is thrown: OpenTelemetry's `error.type`, such as `402`. */
  readonly errorType?: string | undefined
}

export interface StepSurroundings {
  readonly parent: TraceContext
  readonly service: string
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number
  /** Undefined where nobody hears of steps. */
  readonly record: ((step: Step) => void) | undefined
  /** Hears of facts that were left out. Does not throw. */
  readonly onError: (error: unknown) => void
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type Plain = string | number | boolean
type Attributes = Readonly<Record<string, Plain | undefined>>
interface Declared {
  readonly effect: Effect
  readonly remains?: string | undefined
}

/** Undefined says nothing. What is no plain value, against the types, no collector could read. */
function addDefined(attributes: Record<string, Plain>, more: Attributes | undefined): void {
  if (!more) return
  for (const name of Object.keys(more)) {
    const value = more[name]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') attributes[name] = value
  }
}

function linkTo({ rel, to: { reference, traceId, spanId } }: Link): StepLink {
  return { rel, reference, traceId, ...(spanId && { spanId }) }
}

function declaredBy(thrown: unknown): Declared | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('effect' in thrown)) return undefined
  const effect = EFFECTS.find((each) => each === thrown.effect)
  const remains = 'remains' in thrown && typeof thrown.remains === 'string' ? thrown.remains : undefined
  return effect && { effect, remains }
}

const EFFECTS: readonly Effect[] = ['none', 'held', 'done']
