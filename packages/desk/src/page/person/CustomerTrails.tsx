import { useState } from 'react'
import { ClaimsFold } from '../find/ClaimsFold.tsx'
import type { DeskClient } from '../createDeskClient.ts'
import { Incomplete } from '../Incomplete.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { useFocusOnce } from '../useFocusOnce.ts'
import { FindCustomer } from './FindCustomer.tsx'
import { TrailPages } from './TrailPages.tsx'
import { useTrailPages } from './useTrailPages.ts'
import type { ListMemory } from './useTrailPages.ts'

/** What one customer did, by days and page by page; what only browsers tell to be theirs stands apart, below. */
export function CustomerTrails({ customer, client, memory, onOpen, onCustomer, onSignedOut }: CustomerTrailsProps) {
  const { person } = useTexts()
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
        {person.title}
      </h1>
      <Incomplete unseen={unseen} text={person.incomplete} />
      {isBegun && (
        <p>
          {isAlone ? person.onlyClaimed : isEmpty ? (unseen.length > 0 ? person.noneFound : person.none) : person.order}{' '}
          {person.leftOut(keepDays)}
        </p>
      )}
      <TrailPages pages={pages} opened={opened} onOpen={open} />
      {claims > 0 && (
        <ClaimsFold count={claims} isAlone={isAlone} isOpen={isUnfolded} onOpen={() => setUnfolded(true)}>
          {(isAlone || isUnfolded) && <ClaimedPages {...shared} opened={opened} onOpen={open} />}
        </ClaimsFold>
      )}
      <FindCustomer client={client} onCustomer={onCustomer} onSearch={onOpen} onSignedOut={onSignedOut} />
    </section>
  )
}

export interface CustomerTrailsProps {
  /** As the address names them. */
  readonly customer: string
  readonly client: Pick<DeskClient, 'customerTrails' | 'lookUp'>
  readonly memory: ListMemory
  readonly onOpen: (reference: string) => void
  /** Shows another customer's, by the keyed hash of their id. */
  readonly onCustomer: (person: string) => void
  readonly onSignedOut: () => void
}

function ClaimedPages({ opened, onOpen, ...shared }: ClaimedPagesProps) {
  return <TrailPages pages={useTrailPages({ ...shared, said: 'by-browser' })} opened={opened} onOpen={onOpen} />
}

interface ClaimedPagesProps extends Omit<CustomerTrailsProps, 'onCustomer'> {
  readonly opened: string | undefined
}
