import { ErrorNotice } from '@waybill/react'
import type { Reference } from '@waybill/reference'
import { problemOf } from '../api/problemOf.ts'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'
import { Link } from '../routing/Link.tsx'

interface RefundFailureProps {
  orderId: string
  error: unknown
  reference: Reference | undefined
  onRetry: () => void
}

/** That a refund was not requested, why, and what to do. Asking twice is harmless: the shop refunds an order once. */
export function RefundFailure({ orderId, error, reference, onRetry }: RefundFailureProps) {
  const ref = useFocusOnMount<HTMLElement>()
  const problem = problemOf(error)
  const requestedBefore = problem?.type?.endsWith('/already-requested') ?? false
  return (
    <ErrorNotice
      ref={ref}
      tabIndex={-1}
      data-result
      title="Your refund was not requested."
      error={error}
      reference={reference}
      onRetry={requestedBefore ? undefined : onRetry}
    >
      {problem?.title ??
        'No answer came back from us. You can try again: an order is refunded once, however often you ask.'}{' '}
      {requestedBefore && <Link href={`/orders/${orderId}`}>See the order</Link>}
    </ErrorNotice>
  )
}
