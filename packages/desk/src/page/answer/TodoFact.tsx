import type { Match } from '../../lookup/Match.ts'
import { OwnerName } from '../OwnerName.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { todoWords } from './todoWords.ts'

/** What to do: the verdict first, then who does it, with the way to them and to the thing itself. */
export function TodoFact({ match }: TodoFactProps) {
  const texts = useTexts().answer
  const { retry, before, who, after } = todoWords(match)
  const noted = match.noted.flatMap(({ kind, value, url, state }) =>
    url === null ? [] : [{ name: kind, value: state === null ? value : `${value} (${state})`, href: url }],
  )
  const places = [...match.factLinks, ...noted].filter(
    ({ href }, at, all) => all.findIndex((each) => each.href === href) === at,
  )
  return (
    <>
      <strong className="verdict">{retry}</strong> {before}
      {who && (
        <OwnerName url={who.url}>
          <b>{who.words}</b>
        </OwnerName>
      )}
      {after}
      {places.length > 0 && (
        <span className="places-to-look">
          {texts.lookAt}{' '}
          {places.map(({ name, value, href }) => (
            <a key={href} className="link" href={href} target="_blank" rel="noopener noreferrer">
              {`${name} ${value}`}
            </a>
          ))}
        </span>
      )}
    </>
  )
}

export interface TodoFactProps {
  readonly match: Match
}
