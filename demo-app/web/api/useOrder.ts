import { useQuery } from '@tanstack/react-query'
import { useShopApi } from './ShopApiContext.ts'

/** One order of the customer's. */
export function useOrder(id: string) {
  const api = useShopApi()
  return useQuery({ queryKey: ['orders', id], queryFn: () => api.order(id) })
}
