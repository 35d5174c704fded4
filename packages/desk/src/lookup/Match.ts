import type { Reference } from '@waybill/reference'
import type { ActionFailure, ActionState, Effect, Hop, Outcome, StepStatus, TrailParts } from '@waybill/trail'

/** The answer to a look-up, as JSON. What is absent is null. */
export interface LookUpAnswer {
  /** Those begun last come first. */
  readonly matches: readonly Match[]
  /** Whether there are more than these. */
  readonly more: boolean
}

/** One trail. */
export interface Match {
  readonly reference: Reference
  readonly traceId: string
  /** Trace-ids of other tracers under which parts of it ran. */
  readonly aliases: readonly string[]
  /** ISO 8601 with milliseconds, like every time here. */
  readonly startedAt: string
  readonly action: string | null
  /** Of the action's own work. */
  readonly outcome: Outcome
  /** Runs and webhooks that came later under the same reference, each with an outcome of its own. */
  readonly later: readonly LaterRun[]
  readonly session: string | null
  /** The keyed hash of the customer's id: equal for one customer, and tells nothing else. */
  readonly person: string | null
  readonly facts: Readonly<Record<string, string>>
  /** The names of those facts that only the customer's browser reported. */
  readonly claimedFacts: readonly string[]
  /** The state in which it was left, in the application's words. */
  readonly remains: string | null
  /** Whether browsers alone reported it. */
  readonly claimed: boolean
  /** What led here: `reference`, `job`, `session`, `person`, `fact:order` and so on. */
  readonly foundBy: string
  readonly steps: readonly MatchStep[]
  /** How many steps of strangers' requests were not kept, so that there was room for the action's own. */
  readonly evicted: number
}

export interface LaterRun extends Outcome {
  readonly name: string
  readonly at: string
  /** Ids of its steps. */
  readonly stepIds: readonly string[]
}

export interface MatchStep {
  readonly id: string
  readonly parentId: string | null
  readonly hop: Hop
  readonly service: string
  readonly name: string
  readonly at: string
  readonly durationMs: number
  readonly status: StepStatus
  readonly attempt: number | null
  readonly maxAttempts: number | null
  readonly jobId: string | null
  readonly error: { readonly type: string; readonly message: string | null } | null
  readonly effect: Effect | null
  readonly remains: string | null
  readonly action: ActionState | null
  readonly failure: ActionFailure | null
  readonly deadLetter: boolean
  readonly facts: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** Reported by the customer's browser, not by a server. */
  readonly claimed: boolean
  /** Whose it is; see `partsOf`. */
  readonly part: keyof TrailParts
}
