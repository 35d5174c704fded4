import { Confirmation, ErrorNotice } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { isHTTPError } from 'ky'
import { changedNothing } from '../api/changedNothing.ts'
import { mayTryAgain } from '../api/mayTryAgain.ts'
import { NotSentError } from '../api/NotSentError.ts'
import { problemOf } from '../api/problemOf.ts'
import { NotSent } from '../layout/NotSent.tsx'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'
import { Link } from '../routing/Link.tsx'
import type { usePay } from './usePay.ts'

interface PaymentResultProps {
  pay: ReturnType<typeof usePay>
  onRetry: () => void
  /** Takes the customer to where another card is entered. */
  onOtherCard: () => void
}

/** What became of a payment that has not led to an order: under way, refused, never sent, or without an answer. */
export function PaymentResult(props: PaymentResultProps) {
  const { pay } = props
  const reference = useMutationReference(pay)
  if (pay.isPending) return <Confirmation state="pending" reference={reference} />
  if (pay.isError) return <PaymentFailure key={pay.submittedAt} {...props} />
  return null
}

function PaymentFailure({ pay, onRetry, onOtherCard }: PaymentResultProps) {
  const ref = useFocusOnMount<HTMLElement>()
  const reference = useMutationReference(pay)
  const { error } = pay
  const problem = problemOf(error)
  const status = isHTTPError(error) ? error.response.status : undefined
  const notice = { ref, tabIndex: -1, 'data-result': true, error, reference }
  if (changedNothing(error))
    return (
      <ErrorNotice
        {...notice}
        title="Your payment was not taken."
        primaryAction={
          status === 402 ? (
            <button type="button" onClick={onOtherCard}>
              Use another card
            </button>
          ) : (
            status === 422 && <Link href="/cart">Back to the cart</Link>
          )
        }
        onRetry={mayTryAgain(error, { repeatable: false }) ? onRetry : undefined}
      >
        {error instanceof NotSentError ? <NotSent /> : [problem?.title, problem?.detail].filter(Boolean).join(' ')}
      </ErrorNotice>
    )
  // No answer is not a no: the money may have been taken, so nobody is sent straight into paying again.
  return (
    <ErrorNotice {...notice} title="We do not know yet whether you have paid.">
      No clear answer came back from the till. <Link href="/orders">Look at your orders</Link> before you pay again.
    </ErrorNotice>
  )
}
