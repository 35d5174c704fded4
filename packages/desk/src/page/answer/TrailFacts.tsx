import { ReferenceCode } from '@waybill/react'
import type { ReactNode } from 'react'
import type { Match } from '../../lookup/Match.ts'
import { customerAddress } from '../person/customerAddress.ts'
import { followInPage } from '../followInPage.ts'
import type { DeskTexts } from '../texts/english.ts'
import { useTexts } from '../texts/useTexts.ts'
import { isByClaim } from '../find/isByClaim.ts'

/** What the trail is known by. Values that lead to other trails look them up. */
export function TrailFacts({ match, onSearch, onCustomer }: TrailFactsProps) {
  const { person } = match
  const texts = useTexts().answer
  const find = (value: string, shown = value): ReactNode => (
    <button type="button" className="link" onClick={() => onSearch(value)}>
      {shown}
    </button>
  )
  return (
    <aside className="facts" aria-labelledby="facts-title">
      <h2 id="facts-title">{texts.knownBy}</h2>
      <div className="code">
        <ReferenceCode reference={match.reference} />
      </div>
      <dl>
        {Object.entries(match.facts).map(([name, value]) => (
          <Fact
            key={name}
            name={match.claimedFacts.includes(name) ? texts.byBrowsersWord(name) : name}
            value={find(value)}
          />
        ))}
        {match.noted.map(({ kind, value, url, state, service }) => (
          <Fact
            key={`${kind} ${value}`}
            name={texts.notedBy(kind, service)}
            value={
              <>
                {find(value)}
                {state !== null && <span className="badge">{state}</span>}
                {url !== null && (
                  <a className="link out" href={url} target="_blank" rel="noopener noreferrer">
                    {texts.openThere}
                  </a>
                )}
              </>
            }
          />
        ))}
        {person !== null && (
          <Fact
            name={texts.customer}
            value={
              <a className="link" href={customerAddress(person)} onClick={followInPage(() => onCustomer(person))}>
                {texts.allOfCustomer}
              </a>
            }
          />
        )}
        {match.session && <Fact name={texts.session} value={find(match.session)} />}
        <Fact name={texts.traceId} value={<code>{match.traceId}</code>} />
        {match.aliases.map((alias) => (
          <Fact key={alias} name={texts.alsoTracedAs} value={<code>{alias}</code>} />
        ))}
        {match.traceLinks.length > 0 && (
          <Fact
            name={texts.alsoIn}
            value={match.traceLinks.map(({ name, href }) => (
              <a key={name} className="link" href={href} target="_blank" rel="noopener noreferrer">
                {name}
              </a>
            ))}
          />
        )}
        {match.foundBy !== 'reference' && <Fact name={texts.foundBy} value={foundByText(match, texts)} />}
      </dl>
      <p className="keys" aria-hidden="true">
        {texts.inTheTimeLine} <kbd>↑</kbd> <kbd>↓</kbd> {texts.steps} <kbd>→</kbd> {texts.open}
      </p>
    </aside>
  )
}

export interface TrailFactsProps {
  readonly match: Match
  readonly onSearch: (text: string) => void
  /** Takes the keyed hash of the customer's id. */
  readonly onCustomer: (person: string) => void
}

function foundByText(match: Match, texts: DeskTexts['answer']): string {
  const kind = match.foundBy.replace(/^(claimed-)?(fact:)?/, '')
  return isByClaim(match) ? texts.asOnlyBrowserSays(kind) : kind
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
