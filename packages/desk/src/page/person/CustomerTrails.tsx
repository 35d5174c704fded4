import { useState } from 'react'
import { ClaimsFold } from '../find/ClaimsFold.tsx'
import type { DeskClient } from '../createDeskClient.ts'
import { Incomplete } from '../Incomplete.tsx'
import { TrailPages } from './TrailPages.tsx'
import { useFocusOnce } from '../useFocusOnce.ts'
import { useTrailPages } from './useTrailPages.ts'
import type { ListMemory } from './useTrailPages.ts'

/** All trails of one customer, page by page; those that only browsers tell to be theirs stand apart, below. */
export function CustomerTrails({ customer, client, memory, onOpen, onSignedOut }: CustomerTrailsProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const shared = { client, customer, memory, onSignedOut }
  const pages = useTrailPages({ ...shared, said: 'by-server' })
  const [opened] = useState(() => memory.opened.get(customer))
  const [isUnfolded, setUnfolded] = useState(() => memory.pages.has(`by-browser ${customer}`))
  const { trails, claims, keepDays, unseen, status, next, isBegun } = pages
  const isEmpty = isBegun && trails.length === 0 && next === null
  const isAlone = isEmpty && claims > 0

  const open = (reference: string): void => {
    memory.opened.set(customer, reference)
    onOpen(reference)
  }
  return (
    <section className="matches" aria-busy={status === 'busy'}>
      <h1 ref={opened === undefined ? heading : undefined} tabIndex={-1}>
        Trails of one customer
      </h1>
      <Incomplete unseen={unseen} text="There may be more trails than these." />
      {isBegun && (
        <p>
          {isAlone
            ? ONLY_CLAIMED
            : isEmpty
              ? unseen.length > 0
                ? 'None were found.'
                : 'There are none.'
              : 'Those heard of last come first.'}{' '}
          Pages that only read something, and had no trouble, are left out; what nothing was added to for{' '}
          {keepDays === 1 ? 'a day' : `${keepDays} days`} is gone.
        </p>
      )}
      <TrailPages pages={pages} opened={opened} onOpen={open} />
      {claims > 0 && (
        <ClaimsFold count={claims} isAlone={isAlone} isOpen={isUnfolded} onOpen={() => setUnfolded(true)}>
          {(isAlone || isUnfolded) && <ClaimedPages {...shared} opened={opened} onOpen={open} />}
        </ClaimsFold>
      )}
    </section>
  )
}

export interface CustomerTrailsProps {
  /** As the address names them. */
  readonly customer: string
  readonly client: Pick<DeskClient, 'customerTrails'>
  readonly memory: ListMemory
  readonly onOpen: (reference: string) => void
  readonly onSignedOut: () => void
}

const ONLY_CLAIMED = 'No server named this customer; only a browser said that these are theirs.'

function ClaimedPages({ opened, onOpen, ...shared }: ClaimedPagesProps) {
  return <TrailPages pages={useTrailPages({ ...shared, said: 'by-browser' })} opened={opened} onOpen={onOpen} />
}

interface ClaimedPagesProps extends CustomerTrailsProps {
  readonly opened: string | undefined
}
