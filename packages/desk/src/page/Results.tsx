import { useEffect } from 'react'
import type { DeskClient } from './createDeskClient.ts'
import { CustomerTrails } from './person/CustomerTrails.tsx'
import { LogView } from './log/LogView.tsx'
import { MapView } from './map/MapView.tsx'
import { MatchList } from './find/MatchList.tsx'
import { countText } from './countText.ts'
import { isByClaim } from './find/isByClaim.ts'
import { Nothing } from './find/Nothing.tsx'
import { Notice } from './Notice.tsx'
import { Trail } from './answer/Trail.tsx'
import type { Desk, Search } from './useDesk.ts'
import { Welcome } from './start/Welcome.tsx'

/** What a search came to: one trail opened, several to choose from, or a plain word on why there is none. */
export function Results({ desk, client }: ResultsProps) {
  const { search, look, retry, refresh } = desk
  const matches = search.state === 'answered' ? search.answer.matches : []
  const only = matches.length === 1 ? matches[0] : undefined
  const running = only?.outcome.state === 'running' ? only.reference : undefined
  useEffect(() => {
    if (running === undefined) return undefined
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh(running)
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [running, refresh])

  const title = only ? only.reference : (TITLES[search.state] ?? null)
  useEffect(() => {
    document.title = title === null ? 'Waybill desk' : `${title} · Waybill desk`
  }, [title])

  return (
    <>
      <output className="unseen">{statusOf(search)}</output>
      {search.state === 'idle' && <Welcome />}
      {search.state === 'looking' && <div className="skeleton" aria-hidden="true" />}
      {search.state === 'failed' && <Notice kind={search.reason} onRetry={retry} />}
      {search.state === 'answered' && matches.length === 0 && (
        <Nothing key={search.text} answer={search.answer} onOpen={look} onRetry={retry} />
      )}
      {search.state === 'answered' && matches.length > 1 && <MatchList answer={search.answer} onOpen={look} />}
      {search.state === 'map' && <MapView client={client} onSignedOut={desk.askToSignIn} />}
      {search.state === 'log' && <LogView client={client} onSignedOut={desk.askToSignIn} />}
      {search.state === 'customer' && (
        <CustomerTrails
          key={search.customer}
          customer={search.customer}
          client={client}
          memory={desk.memory}
          onOpen={look}
          onSignedOut={desk.askToSignIn}
        />
      )}
      {only && <Trail key={only.reference} match={only} desk={desk} />}
    </>
  )
}

export interface ResultsProps {
  readonly desk: Desk
  readonly client: DeskClient
}

const TITLES: Readonly<Partial<Record<Search['state'], string>>> = {
  customer: 'Trails of one customer',
  map: 'Map',
  log: 'Log',
}

const REFRESH_MS = 5000

function statusOf(search: Search): string {
  if (search.state === 'looking') return 'Looking'
  if (search.state !== 'answered') return ''
  const { matches, claims, suggestions, complete } = search.answer
  const [match, ...others] = matches
  if (match && others.length === 0)
    return `${match.reference}: ${match.outcome.sentence}${complete ? '' : ' This is not everything.'}`
  if (!match)
    return suggestions.length > 0
      ? `Nothing found, but ${countText(suggestions.length, 'trail')} near it`
      : complete
        ? 'Nothing found'
        : 'Not found in what could be searched'
  const confirmed = matches.filter((each) => !isByClaim(each)).length
  if (confirmed === 0) return `${countText(claims, 'trail')} found`
  return `${countText(confirmed, 'trail')} found${claims > 0 ? `, and ${countText(claims, 'report')} by browsers alone` : ''}`
}
