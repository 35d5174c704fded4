import type { Reference } from '@waybill/reference'
import type { Hop, OutcomeState } from '@waybill/trail'
import type { Handling, Owner, WaitsFor } from '../lookup/Match.ts'
import type { Unseen } from '../store/Unseen.ts'

/** What failed of late, or waits for somebody, in groups of the same failure at the same place: `GET /api/failures`. */
export interface FailuresAnswer {
  /** First what waits for a person and nobody handles, then the others, then what only browsers tell of; in each part those seen last first. */
  readonly groups: readonly FailureGroup[]
  /** Trails in all groups. */
  readonly trails: number
  /** Whether there are trails that were not looked at. */
  readonly more: boolean
  /** Every service at which something of this time failed, or is, whatever was filtered, by name; none that only a browser names whose word caused nothing. */
  readonly services: readonly string[]
  /** What the desk could not see of its own; trails may be missing. */
  readonly unseen: readonly Unseen[]
}

/** How it stands, or whose turn it is: what is asked for with `outcome`. */
export type FailureOutcome = (typeof FAILURE_OUTCOMES)[number]

export const FAILURE_OUTCOMES = ['failed', 'person', 'customer', 'unknown', 'running'] as const

export interface FailureGroup {
  /** The same for the same group as long as the desk's words are the same; names no trail. */
  readonly id: string
  readonly hop: Hop
  readonly service: string
  /** As the newest trail has it: `refund-worker asked the model: check the charge; it timed out with no answer within 30.0 s`. */
  readonly sentence: string
  /** What to do, as the newest trail has it. */
  readonly todo: string
  readonly state: OutcomeState
  readonly waitsFor: WaitsFor
  readonly owner: Owner | null
  readonly count: number
  /** How many of them were handled, and how many somebody is on; none of which something failed after that. */
  readonly handled: number
  readonly taken: number
  readonly firstAt: string
  readonly lastAt: string
  /** The newest first. */
  readonly trails: readonly FailedTrail[]
}

export interface FailedTrail {
  readonly reference: Reference
  readonly action: string | null
  readonly startedAt: string
  readonly facts: Readonly<Record<string, string>>
  /** Whether browsers alone reported it. */
  readonly claimed: boolean
  readonly handling: Handling | null
}
