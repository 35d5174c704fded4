import type { ReactNode } from 'react'
import { Link } from '../routing/Link.tsx'

const toProducts = (
  <Link href="/" className="button">
    See what we have
  </Link>
)

/** Says in one sentence that there is nothing here, with the one thing to do about it: to look at the products, unless told otherwise. */
export function EmptyState({ children, action = toProducts }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 96 72" aria-hidden="true">
        <path d="M22 8h44l10 10v46H22z" />
        <path d="M66 8v10h10" />
        <path d="M32 30h28M32 40h34M32 50h18" />
      </svg>
      <p>{children}</p>
      {action}
    </div>
  )
}
