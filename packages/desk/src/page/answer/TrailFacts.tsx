import { ReferenceCode } from '@waybill/react'
import type { ReactNode } from 'react'
import type { Match } from '../../lookup/Match.ts'
import { customerAddress } from '../person/customerAddress.ts'
import { followInPage } from '../followInPage.ts'
import { isByClaim } from '../find/isByClaim.ts'

/** What the trail is known by. Values that lead to other trails look them up. */
export function TrailFacts({ match, onSearch, onCustomer }: TrailFactsProps) {
  const { person } = match
  const find = (value: string, shown = value): ReactNode => (
    <button type="button" className="link" onClick={() => onSearch(value)}>
      {shown}
    </button>
  )
  return (
    <aside className="facts" aria-labelledby="facts-title">
      <h2 id="facts-title">Known by</h2>
      <div className="code">
        <ReferenceCode reference={match.reference} />
      </div>
      <dl>
        {Object.entries(match.facts).map(([name, value]) => (
          <Fact
            key={name}
            name={match.claimedFacts.includes(name) ? `${name}, by the browser’s word` : name}
            value={find(value)}
          />
        ))}
        {match.noted.map(({ kind, value, url, service }) => (
          <Fact
            key={`${kind} ${value}`}
            name={`${kind}, noted by ${service}`}
            value={
              <>
                {find(value)}
                {url !== null && (
                  <a className="link out" href={url} target="_blank" rel="noopener noreferrer">
                    open it there
                  </a>
                )}
              </>
            }
          />
        ))}
        {person !== null && (
          <Fact
            name="customer"
            value={
              <a className="link" href={customerAddress(person)} onClick={followInPage(() => onCustomer(person))}>
                all trails of this customer
              </a>
            }
          />
        )}
        {match.session && <Fact name="session" value={find(match.session)} />}
        <Fact name="trace-id" value={<code>{match.traceId}</code>} />
        {match.aliases.map((alias) => (
          <Fact key={alias} name="also traced as" value={<code>{alias}</code>} />
        ))}
        {match.traceLinks.length > 0 && (
          <Fact
            name="also in"
            value={match.traceLinks.map(({ name, href }) => (
              <a key={name} className="link" href={href} target="_blank" rel="noopener noreferrer">
                {name}
              </a>
            ))}
          />
        )}
        {match.foundBy !== 'reference' && <Fact name="found by" value={foundByText(match)} />}
      </dl>
      <p className="keys" aria-hidden="true">
        in the time line <kbd>↑</kbd> <kbd>↓</kbd> steps <kbd>→</kbd> open
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

function foundByText(match: Match): string {
  const kind = match.foundBy.replace(/^(claimed-)?(fact:)?/, '')
  return isByClaim(match) ? `${kind}, as only a browser says` : kind
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
