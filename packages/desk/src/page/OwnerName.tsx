import type { ReactNode } from 'react'
import type { Owner } from '../lookup/Match.ts'

/** Who looks after a place, as a link to them where they have an address. */
export function OwnerName({ url, children }: OwnerNameProps) {
  // Only what leads to people is a link, whatever was configured.
  if (url === null || !/^(https?|mailto|tel):/i.test(url)) return children
  return (
    <a className="link" href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}

export interface OwnerNameProps extends Pick<Owner, 'url'> {
  /** Their name, and how they are reached. */
  readonly children: ReactNode
}
