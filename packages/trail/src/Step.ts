import type { Reference } from '@waybill/reference'
import type { Hop } from './hop.ts'

/** One thing that happened under a reference. On the wire it is an OpenTelemetry span; see `encodeOtlp`. */
export interface Step {
  /** The span id, 16 lower-case hex digits. Steps with one id are one step, sent again. */
  readonly id: string
  /** The id of the step that caused this one. */
  readonly parentId?: string | undefined
  readonly reference: Reference
  /** As sent: the reference's own trace-id, or a foreign tracer's, which then is an alias. */
  readonly traceId: string
  /** `started`: the zero-length first sight of work still going on; replaced by the step with `id` = `startedFor`. */
  readonly startedFor?: string | undefined
  readonly hop: Hop
  readonly service: string
  /** What was done, low cardinality, free of user content: `POST /api/refunds`, `chat gpt-5`, `Request refund`. */
  readonly name: string
  /** Start, milliseconds since the epoch. */
  readonly at: number
  readonly durationMs: number
  readonly status: StepStatus
  /** From 1. */
  readonly attempt?: number | undefined
  /** How many attempts there will be at most; a failed attempt below it is going to be tried again. */
  readonly maxAttempts?: number | undefined
  readonly jobId?: string | undefined
  readonly error?: StepError | undefined
  readonly effect?: Effect | undefined
  /** The state in which work was left, in a few constant words of the application's: `refund pending review`. */
  readonly remains?: string | undefined
  /** The message was given up after its last attempt and set aside: this step is what put it, or took it up, there. */
  readonly deadLetter?: boolean | undefined
  /** Set on the step that stands for the customer's whole action. */
  readonly action?: ActionState | undefined
  /** The application declares that the customer may do this action again whatever became of it. Set with `action`. */
  readonly repeatable?: boolean | undefined
  /** `render`: the page's components crashed while they were drawn; otherwise what its code threw, or a call's failure. Set with `action`. */
  readonly failure?: ActionFailure | undefined
  /** Whether no gesture of the customer's led to it, but the page did it by itself. Undefined where nobody said. Set with `action`. */
  readonly background?: boolean | undefined
  readonly session?: string | undefined
  /** The application's own id of the person, raw: goes over the wire, is never stored as it is. */
  readonly person?: string | undefined
  /** What the application allowed to be known: order number, ticket id. Each value is also a way to find the trail. */
  readonly facts?: Readonly<Record<string, string>> | undefined
  /** Other trails that this step belongs with: OpenTelemetry's span links. At most 32. */
  readonly links?: readonly StepLink[] | undefined
  /** Further OpenTelemetry attributes, by their semantic-convention names. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined
  /** Reported by a browser: a claim, which never overrules a server's step. Set by whoever takes steps in. */
  readonly claimed?: boolean | undefined
}

/** To another trail. Of two that belong together, such as a nightly run and a customer's action whose order it synced, each names the other. */
export interface StepLink {
  /** `parent`: this step came of what is there. `child`: what is there came of this step. */
  readonly rel: 'parent' | 'child'
  readonly reference: Reference
  readonly traceId: string
  /** The step there, where it is known. */
  readonly spanId?: string | undefined
}

export type StepStatus = 'ok' | 'error' | 'running'

export interface StepError {
  /** OpenTelemetry `error.type`: `timeout`, `402`, `TypeError`. Low cardinality. */
  readonly type: string
  /** Scrubbed; never user content. */
  readonly message?: string | undefined
}

/**
 * What a failed step did to the customer's business. `none`: nothing, so trying again is safe. `held`: it is left half done
 * and a person has to finish it. `done`: it happened all the same. Undeclared means nobody knows, and nobody may advise a retry.
 */
export type Effect = 'none' | 'held' | 'done'

export type ActionFailure = 'render'

export type ActionState = 'open' | 'succeeded' | 'failed' | 'abandoned'
