import { Fragment } from 'react'
import type { TrailLinks } from '../../lookup/Match.ts'
import { countText } from '../countText.ts'
import { followInPage } from '../followInPage.ts'
import { useTexts } from '../texts/useTexts.ts'
import { linkWords } from './linkWords.ts'

/** The trails that one belongs with, a sentence for each way in which it does; each reference leads there. */
export function LinkedTrails({ links, onOpen }: LinkedTrailsProps) {
  const texts = useTexts().answer
  return links.map((linked) => {
    const { rel, name, count, references } = linked
    const rest = count - references.length
    return (
      <p key={`${rel} ${name}`} className="linked">
        {`${linkWords(linked)} `}
        {references.map((reference, at) => (
          <Fragment key={reference}>
            {at > 0 && (at === references.length - 1 && rest === 0 ? texts.and : ', ')}
            <a className="link" href={`/trail/${reference}`} onClick={followInPage(() => onOpen(reference))}>
              <code dir="ltr">{reference}</code>
            </a>
          </Fragment>
        ))}
        {rest > 0 && texts.andMore(countText(rest))}
      </p>
    )
  })
}

export interface LinkedTrailsProps {
  readonly links: readonly TrailLinks[]
  readonly onOpen: (reference: string) => void
}
