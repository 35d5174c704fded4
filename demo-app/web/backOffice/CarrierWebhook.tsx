import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ErrorNotice } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { useId, useState } from 'react'
import { changedNothing } from '../api/changedNothing.ts'
import { mayTryAgain } from '../api/mayTryAgain.ts'
import { useOrders } from '../api/useOrders.ts'
import { useShopApi } from '../api/ShopApiContext.ts'

/** Sends what the carrier would send: that the parcel of an order has left. It joins the trail of that order. */
export function CarrierWebhook({ deskUrl }: { deskUrl: string | undefined }) {
  const api = useShopApi()
  const queries = useQueryClient()
  const id = useId()
  const orders = useOrders().data ?? []
  const [chosen, setChosen] = useState('')
  const orderId = chosen || orders[0]?.id
  const send = useMutation({
    meta: { repeatable: true, action: 'Send carrier webhook' },
    mutationFn: (order: string) => api.sendCarrierWebhook(order),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['orders'], refetchType: 'none' }),
  })
  const reference = useMutationReference(send)

  return (
    <section data-waybill-action="Send carrier webhook">
      <h2>Carrier</h2>
      <p>Tells the shop that the parcel of an order has left.</p>
      <div className="field">
        <label htmlFor={id}>Order</label>
        <select id={id} value={orderId ?? ''} onChange={(event) => setChosen(event.target.value)}>
          {orders.map((order) => (
            <option key={order.id}>{order.id}</option>
          ))}
        </select>
      </div>
      <button
        type="button"
        className="button"
        aria-disabled={send.isPending || !orderId}
        onClick={() => orderId && !send.isPending && send.mutate(orderId)}
      >
        Send webhook
      </button>
      <p aria-live="polite">
        {send.isSuccess && (
          <>
            Webhook sent for order {send.data.orderId}.{' '}
            {deskUrl && <a href={new URL(`/trail/${send.data.orderId}`, deskUrl).href}>Read its trail at the desk</a>}
          </>
        )}
      </p>
      <ErrorNotice
        title={
          changedNothing(send.error) ? 'The webhook was not sent.' : 'We do not know yet whether the webhook was sent.'
        }
        error={send.error}
        reference={send.isError ? reference : undefined}
        onRetry={mayTryAgain(send.error, { repeatable: true }) ? () => orderId && send.mutate(orderId) : undefined}
      />
    </section>
  )
}
