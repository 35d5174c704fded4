import { useEffect } from 'react'
import type { DeskTexts } from './texts/english.ts'
import { useTexts } from './texts/useTexts.ts'
import type { DeskClient } from './createDeskClient.ts'
import { CustomerTrails } from './person/CustomerTrails.tsx'
import { LogView } from './log/LogView.tsx'
import { MapView } from './map/MapView.tsx'
import { MatchList } from './find/MatchList.tsx'
import { isByClaim } from './find/isByClaim.ts'
import { Nothing } from './find/Nothing.tsx'
import { Notice } from './Notice.tsx'
import { Trail } from './answer/Trail.tsx'
import type { Desk, Search } from './useDesk.ts'
import { StartPage } from './start/StartPage.tsx'

/** What a search came to: one trail opened, several to choose from, or a plain word on why there is none. */
export function Results({ desk, client }: ResultsProps) {
  const { page } = useTexts()
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

  const titles: Readonly<Partial<Record<Search['state'], string>>> = page.titles
  const title = page.title(only ? only.reference : (titles[search.state] ?? null))
  useEffect(() => {
    document.title = title
  }, [title])

  return (
    <>
      <output className="unseen">{statusOf(search, page)}</output>
      {search.state === 'idle' && (
        <StartPage
          client={client}
          memory={desk.failures}
          onOpen={look}
          onCustomer={desk.lookAtCustomer}
          onSignedOut={desk.askToSignIn}
        />
      )}
      {search.state === 'looking' && <div className="skeleton" aria-hidden="true" />}
      {search.state === 'failed' && <Notice kind={search.reason} onRetry={retry} />}
      {search.state === 'answered' && matches.length === 0 && (
        <Nothing key={search.text} answer={search.answer} text={search.text} onOpen={look} onRetry={retry} />
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
          onCustomer={desk.lookAtCustomer}
          onSignedOut={desk.askToSignIn}
        />
      )}
      {only && <Trail key={only.reference} match={only} desk={desk} client={client} />}
    </>
  )
}

export interface ResultsProps {
  readonly desk: Desk
  readonly client: DeskClient
}

const REFRESH_MS = 5000

function statusOf(search: Search, page: DeskTexts['page']): string {
  if (search.state === 'looking') return page.looking
  if (search.state !== 'answered') return ''
  const { matches, claims, suggestions, complete } = search.answer
  const [match, ...others] = matches
  if (match && others.length === 0)
    return page.sentence({ reference: match.reference, sentence: match.outcome.sentence, isWhole: complete })
  if (!match) return suggestions.length > 0 ? page.near(suggestions.length) : complete ? page.nothing : page.notSeen
  const confirmed = matches.filter((each) => !isByClaim(each)).length
  if (confirmed === 0) return page.found(claims)
  return `${page.found(confirmed)}${claims > 0 ? page.alsoClaimed(claims) : ''}`
}
