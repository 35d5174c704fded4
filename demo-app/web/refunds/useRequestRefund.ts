import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useWaybill } from '@waybill/react'
import type { Order } from '../api/Order.ts'
import { useShopApi } from '../api/ShopApiContext.ts'

/** Asks for the double charge of an order back. The order page knows of the refund before this has ended. */
export function useRequestRefund() {
  const api = useShopApi()
  const queries = useQueryClient()
  const waybill = useWaybill()
  return useMutation({
    meta: { action: 'Request refund' },
    mutationFn: async (order: Order) => {
      waybill.current()?.note({ order: order.id })
      const refund = await api.requestRefund(order.id)
      if (refund.reference) waybill.actionOf(refund.reference)?.note({ refund: refund.id })
      return refund
    },
    onError: () => queries.invalidateQueries({ queryKey: ['orders'], refetchType: 'none' }),
    onSuccess: (refund, order) => {
      queries.setQueryData(['orders', order.id], { ...order, refund })
      // A list that is on the screen is read again at once, by a call that belongs to the customer's action as well.
      void queries.invalidateQueries({ queryKey: ['orders'], exact: true })
    },
  })
}
