import { useState } from 'react'
import type { Match } from '../../lookup/Match.ts'
import { Answer } from './Answer.tsx'
import { HopMap } from '../hopMap/HopMap.tsx'
import { Incomplete } from '../Incomplete.tsx'
import { summaryFor } from '../handover/summaryFor.ts'
import { TrailHistory } from './TrailHistory.tsx'
import { TrailFacts } from './TrailFacts.tsx'
import type { CopyState } from './TrailFacts.tsx'
import { useShortcut } from '../useShortcut.ts'

/** One trail: the answer, how it came about, and what it is known by. */
export function Trail({ match, onSearch, onCustomer }: TrailProps) {
  const [copied, setCopied] = useState<CopyState>('idle')
  const summary = summaryFor(match, { address: `${location.origin}/trail/${match.reference}` })
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(summary)
      setCopied('copied')
    } catch {
      // No clipboard on plain http beyond localhost, or refused: the text is shown selected instead.
      setCopied('refused')
    }
  }
  useShortcut('c', () => void copy())

  return (
    <>
      <Incomplete
        unseen={match.unseen}
        text="What is said below holds for what could be seen: a step, or a failure, may be missing. Ask engineering before you tell the customer that something did not happen."
      />
      <article className="trail">
        <Answer match={match} onOpen={onSearch} />
        <HopMap match={match} />
        <TrailHistory match={match} />
        <TrailFacts
          match={match}
          summary={summary}
          copied={copied}
          onCopy={() => void copy()}
          onSearch={onSearch}
          onCustomer={onCustomer}
        />
      </article>
    </>
  )
}

export interface TrailProps {
  readonly match: Match
  readonly onSearch: (text: string) => void
  /** Takes the keyed hash of the customer's id. */
  readonly onCustomer: (person: string) => void
}
