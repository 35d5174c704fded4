import { useQuery } from '@tanstack/react-query'
import { useShopApi } from './ShopApiContext.ts'

/** Everything the shop sells. */
export function useProducts() {
  const api = useShopApi()
  return useQuery({ queryKey: ['products'], queryFn: () => api.products(), staleTime: Infinity })
}
