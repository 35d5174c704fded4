import type { ReactNode, SyntheticEvent } from 'react'
import { countText } from '../countText.ts'

/** What only browsers tie to a search or a customer: counted and folded beside what servers confirm, open where it is all there is. */
export function ClaimsFold({ count, isAlone, isOpen = false, onOpen, children }: ClaimsFoldProps) {
  if (isAlone) return children
  const onToggle = ({ currentTarget }: SyntheticEvent<HTMLDetailsElement>): void => {
    if (currentTarget.open) onOpen?.()
  }
  return (
    <details className="claims" open={isOpen} onToggle={onToggle}>
      <summary>
        <h2>{countText(count, 'report')} by browsers alone, not confirmed by any server</h2>
      </summary>
      <p>Only a browser said that these belong here. Anybody can make a browser say so.</p>
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
