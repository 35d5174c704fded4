import { ErrorNotice } from '@waybill/react'
import type { Reference } from '@waybill/reference'
import { changedNothing } from '../api/changedNothing.ts'
import { mayTryAgain } from '../api/mayTryAgain.ts'
import { NotSentError } from '../api/NotSentError.ts'
import { problemOf } from '../api/problemOf.ts'
import { NotSent } from '../layout/NotSent.tsx'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'
import { Link } from '../routing/Link.tsx'

interface RefundFailureProps {
  orderId: string
  error: unknown
  reference: Reference | undefined
  onRetry: () => void
}

/** That a refund was not requested, or that nobody knows whether it was, why, and what to do. */
export function RefundFailure({ orderId, error, reference, onRetry }: RefundFailureProps) {
  const ref = useFocusOnMount<HTMLElement>()
  const problem = problemOf(error)
  const requestedBefore = problem?.type?.endsWith('/already-requested') ?? false
  const isKnown = changedNothing(error)
  return (
    <ErrorNotice
      ref={ref}
      tabIndex={-1}
      data-result
      title={isKnown ? 'Your refund was not requested.' : 'We do not know yet whether your refund was requested.'}
      error={error}
      reference={reference}
      primaryAction={requestedBefore && <Link href={`/orders/${orderId}`}>See the order</Link>}
      onRetry={mayTryAgain(error, { repeatable: false }) ? onRetry : undefined}
    >
      {error instanceof NotSentError ? (
        <NotSent />
      ) : isKnown ? (
        problem?.title
      ) : (
        'No clear answer came back from us. Contact support before you ask again.'
      )}
    </ErrorNotice>
  )
}
