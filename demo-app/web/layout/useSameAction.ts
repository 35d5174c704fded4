import { useTryAgain } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'

/**
 * Runs what sends a form: after a failure as the next attempt of the action that failed, under its reference, because pressing
 * the form's own button again means the same as "Try again".
 */
export function useSameAction(mutation: {
  mutateAsync: object
  isIdle: boolean
  isError: boolean
}): (send: () => void) => void {
  const reference = useMutationReference(mutation)
  return useTryAgain(mutation.isError ? reference : undefined)
}
