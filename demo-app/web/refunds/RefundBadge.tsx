import type { Refund } from '../api/Refund.ts'

const words = { 'pending review': 'Refund pending review', refunded: 'Refunded' }

/** The state of a refund in two or three words. */
export function RefundBadge({ status }: { status: Refund['status'] }) {
  return (
    <span className="badge" data-tone={status === 'refunded' ? 'done' : 'open'}>
      {words[status]}
    </span>
  )
}
