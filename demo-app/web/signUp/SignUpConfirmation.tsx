import { Confirmation } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { useFocusOnMount } from '../layout/useFocusOnMount.ts'
import { Link } from '../routing/Link.tsx'
import type { useSignUp } from './useSignUp.ts'

/** That the account is open, under which reference, and where to go from here. */
export function SignUpConfirmation({ signUp }: { signUp: ReturnType<typeof useSignUp> }) {
  const ref = useFocusOnMount<HTMLElement>()
  return (
    <>
      <Confirmation ref={ref} tabIndex={-1} data-result title="Account opened" reference={useMutationReference(signUp)}>
        <p>Your orders so far are in it, and the next ones will be.</p>
      </Confirmation>
      <p>
        <Link href="/" className="button">
          Back to the shop
        </Link>
      </p>
    </>
  )
}
