import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useWaybill } from '@waybill/react'
import type { Purchase } from '../api/createShopApi.ts'
import { useShopApi } from '../api/ShopApiContext.ts'
import { emptyCart } from '../cart/cartStore.ts'
import { navigate } from '../routing/history.ts'

/** Pays for the cart. The order's page follows a payment that was taken. */
export function usePay() {
  const api = useShopApi()
  const queries = useQueryClient()
  const waybill = useWaybill()
  return useMutation({
    meta: { action: 'Pay for order' },
    mutationFn: async (purchase: Purchase) => {
      const order = await api.checkout(purchase)
      if (order.reference) waybill.actionOf(order.reference)?.note({ order: order.id })
      return order
    },
    onSuccess: (order) => {
      queries.setQueryData(['orders', order.id], order)
      void queries.invalidateQueries({ queryKey: ['orders'], exact: true, refetchType: 'none' })
      navigate(`/orders/${order.id}`, 'paid')
      emptyCart()
    },
  })
}
