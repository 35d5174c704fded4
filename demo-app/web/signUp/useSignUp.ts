import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useShopApi } from '../api/ShopApiContext.ts'

/** Opens an account for the visitor. */
export function useSignUp() {
  const api = useShopApi()
  const queries = useQueryClient()
  return useMutation({
    meta: { action: 'Sign up' },
    mutationFn: (person: { name: string; email: string }) => api.signUp(person),
    onSuccess: (customer) => {
      queries.setQueryData<Awaited<ReturnType<typeof api.session>>>(
        ['session'],
        (session) => session && { ...session, customer },
      )
    },
  })
}
