import { useEffect } from 'react'
import { MatchList } from './MatchList.tsx'
import { Notice } from './Notice.tsx'
import { Trail } from './Trail.tsx'
import type { Search } from './useDesk.ts'
import { Welcome } from './Welcome.tsx'

/** What a search came to: one trail opened, several to choose from, or a plain word on why there is none. */
export function Results({ search, onSearch, onRetry, onRefresh }: ResultsProps) {
  const matches = search.state === 'answered' ? search.answer.matches : []
  const only = matches.length === 1 ? matches[0] : undefined
  const running = only?.outcome.state === 'running'
  useEffect(() => {
    if (!running) return undefined
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void onRefresh()
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [running, onRefresh])

  useEffect(() => {
    document.title = only ? `${only.reference} · Waybill desk` : 'Waybill desk'
  }, [only])

  return (
    <>
      <output className="unseen">{statusOf(search)}</output>
      {search.state === 'idle' && <Welcome />}
      {search.state === 'looking' && <div className="skeleton" aria-hidden="true" />}
      {search.state === 'failed' && <Notice kind={search.reason} onRetry={onRetry} />}
      {search.state === 'answered' && matches.length === 0 && <Notice kind="nothing" onRetry={onRetry} />}
      {search.state === 'answered' && matches.length > 1 && (
        <MatchList matches={matches} more={search.answer.more} onOpen={onSearch} />
      )}
      {only && <Trail key={only.reference} match={only} onSearch={onSearch} />}
    </>
  )
}

export interface ResultsProps {
  readonly search: Search
  readonly onSearch: (text: string) => void
  readonly onRetry: () => Promise<void>
  readonly onRefresh: () => Promise<void>
}

const REFRESH_MS = 5000

function statusOf(search: Search): string {
  if (search.state === 'looking') return 'Looking'
  if (search.state !== 'answered') return ''
  const [match, ...others] = search.answer.matches
  if (!match) return 'Nothing found'
  return others.length === 0 ? `${match.reference}: ${match.outcome.sentence}` : `${others.length + 1} trails found`
}
