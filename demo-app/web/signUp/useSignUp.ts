import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useShopApi } from '../api/ShopApiContext.ts'

/** Opens an account for the visitor. */
export function useSignUp() {
  const api = useShopApi()
  const queries = useQueryClient()
  return useMutation({
    // The same account, however often it is opened.
    meta: { action: 'Sign up', repeatable: true },
    mutationFn: (person: { name: string; email: string }) => api.signUp(person),
    onSuccess: (customer) => {
      queries.setQueryData<Awaited<ReturnType<typeof api.session>>>(
        ['session'],
        (session) => session && { ...session, customer },
      )
    },
  })
}
