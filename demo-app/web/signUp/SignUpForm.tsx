import { ErrorNotice, useTryAgain } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { useRef, useState, type SubmitEvent } from 'react'
import { changedNothing } from '../api/changedNothing.ts'
import { mayTryAgain } from '../api/mayTryAgain.ts'
import { NotSentError } from '../api/NotSentError.ts'
import { fieldProblem, problemOf } from '../api/problemOf.ts'
import { Field } from '../layout/Field.tsx'
import { FormProblem } from '../layout/FormProblem.tsx'
import { NotSent } from '../layout/NotSent.tsx'
import { SubmitButton } from '../layout/SubmitButton.tsx'
import type { useSignUp } from './useSignUp.ts'

/** Name and e-mail. What is wrong with them is the API's to say, and is shown at the field. */
export function SignUpForm({ signUp }: { signUp: ReturnType<typeof useSignUp> }) {
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const reference = useMutationReference(signUp)
  // After a failure the form's own button means the same as "Try again".
  const tryAgain = useTryAgain(signUp.isError ? reference : undefined)
  const problem = problemOf(signUp.error)
  // A form that only has to be mended is no matter for support: it says so at its fields, without a reference.
  const mistyped = (problem?.errors?.length ?? 0) > 0

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!signUp.isPending) tryAgain(() => signUp.mutate({ name, email }))
  }

  return (
    <form ref={form} className="form" noValidate onSubmit={submit} data-waybill-action="Sign up">
      {mistyped && <FormProblem key={signUp.submittedAt}>{problem?.title}</FormProblem>}
      <Field label="Name" autoComplete="name" value={name} onChange={setName} problem={fieldProblem(problem, 'name')} />
      <Field
        label="E-mail"
        type="email"
        autoComplete="email"
        hint="Only so that we know you again. We send nothing to it."
        value={email}
        onChange={setEmail}
        problem={fieldProblem(problem, 'email')}
      />
      <SubmitButton busy={signUp.isPending}>Open account</SubmitButton>
      {signUp.isError && !mistyped && (
        <ErrorNotice
          title={
            changedNothing(signUp.error)
              ? 'Your account was not opened.'
              : 'We do not know yet whether your account was opened.'
          }
          error={signUp.error}
          reference={reference}
          onRetry={mayTryAgain(signUp.error, { repeatable: true }) ? () => form.current?.requestSubmit() : undefined}
        >
          {signUp.error instanceof NotSentError ? <NotSent /> : changedNothing(signUp.error) && problem?.title}
        </ErrorNotice>
      )}
    </form>
  )
}
