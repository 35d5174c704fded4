import { Confirmation } from '@waybill/react'
import { isUnderWay, type Refund } from '../api/Refund.ts'
import { useRefund } from '../api/useRefund.ts'
import { addWorkingDays } from '../layout/addWorkingDays.ts'
import { formatDay } from '../layout/formatDay.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'

/** That a refund was requested, under which reference, how it stands now, and what happens next. */
export function RefundStatus({ refund: known, isNew }: RefundStatusProps) {
  const refund = useRefund(known)
  const ref = useFocusOnMount<HTMLElement>({ when: isNew })
  return (
    <Confirmation ref={ref} tabIndex={-1} data-result title="Refund requested" reference={refund.reference}>
      <div aria-live="polite">
        <p className="standing">{standing(refund)}</p>
        <p>{explanation(refund)}</p>
      </div>
      <p className="hint">{next(refund)}</p>
    </Confirmation>
  )
}

interface RefundStatusProps {
  refund: Refund
  /** Whether the customer has just now asked for it; it then takes the focus. */
  isNew: boolean
}

function standing({ status, amountCents }: Refund): string {
  return status === 'refunded'
    ? `${formatMoney(amountCents)} is on its way back to your card.`
    : 'Your refund is pending review.'
}

function explanation(refund: Refund): string {
  if (refund.status === 'refunded') return "You don't need to do anything."
  return isUnderWay(refund)
    ? "We are checking both charges now. You don't need to wait here."
    : "A person is looking at it. You don't need to do anything."
}

function next(refund: Refund): string {
  if (refund.status === 'refunded') return `Your bank shows it by ${formatDay(addWorkingDays(refund.requestedAt, 3))}.`
  return `You'll hear from us by ${formatDay(addWorkingDays(refund.requestedAt, 2))}.`
}
