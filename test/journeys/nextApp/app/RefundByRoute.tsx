'use client'
import { ErrorNotice, useAction } from '@waybill/react'

export function RefundByRoute({ order }: { order: string }) {
  const action = useAction('Request refund', async (action) => {
    const response = await action.fetch(`/api/orders/${order}/refund`, { method: 'POST' })
    if (!response.ok) throw new Error('No refund', { cause: response })
  })
  return (
    <>
      <button onClick={() => void action.run()}>Refund by route</button>
      <ErrorNotice error={action.error} title="Your refund did not arrive." />
    </>
  )
}
