import type { Unseen } from '../store/Unseen.ts'
import type { Match, TrailSummary } from './Match.ts'
import type { OpenOptions } from './openTrails.ts'
import { recentMatches } from './recentMatches.ts'
import { summaryOf } from './summaryOf.ts'

/**
 * The trails of which something happened since then: first those that a server tells of, then those that browsers alone reported, so that
 * nobody with the public key can crowd the others out; in each part those first heard of last first, by the hour. Looks at 500 of each part at most; `more` says
 * that there may be others.
 */
export async function recentTrails(options: RecentTrailsOptions): Promise<RecentTrailsAnswer> {
  const { store, limit, failedOnly = false, failedAt = {} } = options
  const isAskedFor = (match: Match): boolean => !failedOnly || (hasFailed(match) && failedThere(match, failedAt))
  const trails: TrailSummary[] = []
  const unseen = await store.unseen()
  const matches = recentMatches({ ...options, foundBy: 'recent', most: MOST_LOOKED_AT, deskUnseen: unseen })
  for (let turn = await matches.next(); ; turn = await matches.next()) {
    if (turn.done) return { trails, more: turn.value, unseen }
    if (trails.length === limit) return { trails, more: true, unseen }
    if (isAskedFor(turn.value)) trails.push(summaryOf(turn.value))
  }
}

export interface RecentTrailsOptions extends OpenOptions {
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Trails at most. */
  readonly limit: number
  /** Only where the action failed, its page says that it did, or something that came of it later did. @default false */
  readonly failedOnly?: boolean | undefined
  /** With `failedOnly`: only where a step of this hop and service failed. @default any */
  readonly failedAt?: FailurePlace | undefined
}

export interface FailurePlace {
  readonly hop?: string | undefined
  readonly service?: string | undefined
}

export interface RecentTrailsAnswer {
  readonly trails: readonly TrailSummary[]
  readonly more: boolean
  /** What the desk could not see of its own; trails may be missing. */
  readonly unseen: readonly Unseen[]
}

const MOST_LOOKED_AT = 500

function hasFailed({ outcome, later }: Pick<Match, 'outcome' | 'later'>): boolean {
  return outcome.pageFailure !== null || [outcome, ...later].some(({ state }) => state === 'failed')
}

function failedThere({ steps }: Match, { hop, service }: FailurePlace): boolean {
  if (hop === undefined && service === undefined) return true
  return steps.some(
    (step) => step.status === 'error' && (hop ?? step.hop) === step.hop && (service ?? step.service) === step.service,
  )
}
