import { Link } from '../routing/Link.tsx'
import { EmptyState } from './EmptyState.tsx'
import { Page } from './Page.tsx'

/** For addresses the shop does not have. */
export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <EmptyState
        action={
          <Link href="/" className="button">
            Back to the shop
          </Link>
        }
      >
        The address may be mistyped, or the page has moved.
      </EmptyState>
    </Page>
  )
}
