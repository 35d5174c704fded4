import { useQuery } from '@tanstack/react-query'
import { useShopApi } from './ShopApiContext.ts'

/** The customer's orders, newest first. */
export function useOrders() {
  const api = useShopApi()
  return useQuery({
    queryKey: ['orders'],
    queryFn: () => api.orders(),
    select: (orders) => orders.toSorted((a, b) => Date.parse(b.placedAt) - Date.parse(a.placedAt)),
  })
}
