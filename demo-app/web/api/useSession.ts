import { useQuery } from '@tanstack/react-query'
import { useShopApi } from './ShopApiContext.ts'

/** Who is visiting, and where the desk is. */
export function useSession() {
  const api = useShopApi()
  return useQuery({ queryKey: ['session'], queryFn: () => api.session(), staleTime: Infinity })
}
