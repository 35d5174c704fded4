import type { ReactNode, SyntheticEvent } from 'react'
import { useTexts } from '../texts/useTexts.ts'

/** What only browsers tie to a search or a customer: counted and folded beside what servers confirm, open where it is all there is. */
export function ClaimsFold({ count, isAlone, isOpen = false, onOpen, children }: ClaimsFoldProps) {
  const { find } = useTexts()
  if (isAlone) return children
  const onToggle = ({ currentTarget }: SyntheticEvent<HTMLDetailsElement>): void => {
    if (currentTarget.open) onOpen?.()
  }
  return (
    <details className="claims" open={isOpen} onToggle={onToggle}>
      <summary>
        <h2>{find.claims(count)}</h2>
      </summary>
      <p>{find.claimsHint}</p>
      {children}
    </details>
  )
}

export interface ClaimsFoldProps {
  readonly count: number
  readonly isAlone: boolean
  /** Whether it appears unfolded. @default false */
  readonly isOpen?: boolean | undefined
  readonly onOpen?: (() => void) | undefined
  readonly children: ReactNode
}
