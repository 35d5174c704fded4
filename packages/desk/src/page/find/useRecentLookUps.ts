import { useEffect } from 'react'
import type { Match } from '../../lookup/Match.ts'
import type { Search } from '../useDesk.ts'
import { readRecentLookUps, writeRecentLookUps } from './recentLookUps.ts'
import type { RecentLookUp } from './recentLookUps.ts'

/**
 * Keeps on this device what whoever is signed in looked at: a trail that was opened comes to it, one that is gone leaves it, and signing
 * out forgets them all.
 */
export function useRecentLookUps({ who, search }: RecentLookUpsOptions): RecentLookUps {
  const answer = search.state === 'answered' ? search.answer : null
  useEffect(() => {
    // What is too old, or another's, goes by being read.
    if (who !== null) readRecentLookUps(who)
  }, [who])
  useEffect(() => {
    if (who === null || answer === null) return
    const before = readRecentLookUps(who)
    const [match, ...others] = answer.matches
    const gone = new Set<string>(answer.complete && !match ? answer.searched.references : [])
    if (match && others.length === 0) writeRecentLookUps(who, withMatch(before, match))
    else if (before.some(({ reference }) => gone.has(reference)))
      writeRecentLookUps(
        who,
        before.filter(({ reference }) => !gone.has(reference)),
      )
  }, [who, answer])
  return {
    read: () => (who === null ? [] : readRecentLookUps(who)),
    forget: () => {
      if (who !== null) writeRecentLookUps(who, [])
    },
  }
}

export interface RecentLookUpsOptions {
  /** Whoever is signed in; null for nobody. */
  readonly who: string | null
  readonly search: Search
}

export interface RecentLookUps {
  /** The newest first. */
  readonly read: () => readonly RecentLookUp[]
  readonly forget: () => void
}

function withMatch(before: readonly RecentLookUp[], match: Match): readonly RecentLookUp[] {
  const { reference, action, startedAt, outcome } = match
  const fresh = { reference, action, startedAt, outcome: outcome.state, lookedUpAt: Date.now() }
  return [fresh, ...before.filter((each) => each.reference !== reference)]
}
