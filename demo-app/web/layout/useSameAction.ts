import { useMutationReference } from '@waybill/react-query'
import { useWaybill } from '@waybill/react'

/**
 * Runs what sends a form: after a failure as the next attempt of the action that failed, under its reference, because pressing
 * the form's own button again means the same as "Try again".
 */
export function useSameAction(mutation: { mutateAsync: object; isError: boolean }): (send: () => void) => void {
  const waybill = useWaybill()
  const reference = useMutationReference(mutation)
  return (send) => {
    const action = mutation.isError && reference ? waybill.actionOf(reference) : undefined
    if (action) action.run(send)
    else send()
  }
}
