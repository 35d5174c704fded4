import { Confirmation, ErrorNotice } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { isRefusal } from '../api/isRefusal.ts'
import { problemOf } from '../api/problemOf.ts'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'
import { Link } from '../routing/Link.tsx'
import type { usePay } from './usePay.ts'

interface PaymentResultProps {
  pay: ReturnType<typeof usePay>
  onRetry: () => void
}

/** What became of a payment that has not led to an order: under way, refused, or without an answer. */
export function PaymentResult({ pay, onRetry }: PaymentResultProps) {
  const reference = useMutationReference(pay)
  if (pay.isPending) return <Confirmation state="pending" reference={reference} />
  if (pay.isError) return <PaymentFailure key={pay.submittedAt} pay={pay} onRetry={onRetry} />
  return null
}

function PaymentFailure({ pay, onRetry }: PaymentResultProps) {
  const ref = useFocusOnMount<HTMLElement>()
  const reference = useMutationReference(pay)
  const problem = problemOf(pay.error)
  if (isRefusal(pay.error))
    return (
      <ErrorNotice
        ref={ref}
        tabIndex={-1}
        data-result
        title="Your payment was not taken."
        error={pay.error}
        reference={reference}
        onRetry={onRetry}
      >
        {[problem?.title, problem?.detail].filter(Boolean).join(' ')}
      </ErrorNotice>
    )
  // No answer is not a no: the money may have been taken, so nobody is sent straight into paying again.
  return (
    <ErrorNotice
      ref={ref}
      tabIndex={-1}
      data-result
      title="We do not know yet whether you have paid."
      error={pay.error}
      reference={reference}
    >
      No answer came back from the till. <Link href="/orders">Look at your orders</Link> before you pay again.
    </ErrorNotice>
  )
}
