import { useState } from 'react'
import { useSession } from '../api/useSession.ts'
import { EmptyState } from '../layout/EmptyState.tsx'
import { Page } from '../layout/Page.tsx'
import { Link } from '../routing/Link.tsx'
import { SignUpConfirmation } from './SignUpConfirmation.tsx'
import { SignUpForm } from './SignUpForm.tsx'
import { useSignUp } from './useSignUp.ts'

/** Opening an account. */
export function SignUpPage() {
  const signUp = useSignUp()
  const signedUp = useSession().data?.customer.signedUp ?? false
  const [cameSignedUp] = useState(signedUp)

  if (signUp.isSuccess)
    return (
      <Page title="Welcome to Deckle">
        <SignUpConfirmation signUp={signUp} />
      </Page>
    )
  if (cameSignedUp)
    return (
      <Page title="Sign up">
        <EmptyState
          action={
            <Link href="/orders" className="button">
              See your orders
            </Link>
          }
        >
          You have an account already.
        </EmptyState>
      </Page>
    )
  return (
    <Page title="Sign up" lead="With an account, your orders stay together.">
      <SignUpForm signUp={signUp} />
    </Page>
  )
}
