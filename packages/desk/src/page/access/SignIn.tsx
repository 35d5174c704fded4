import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import type { DeskClient, SignInResult } from '../createDeskClient.ts'
import { useFocusOnce } from '../useFocusOnce.ts'

/** Asks for a token, once; the desk answers with a cookie that scripts cannot read. */
export function SignIn({ onSignIn }: SignInProps) {
  const [state, setState] = useState<'idle' | 'busy' | Exclude<SignInResult, 'signed-in'>>('idle')
  const id = useId()
  const field = useFocusOnce<HTMLInputElement>()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const token = new FormData(event.currentTarget).get('token')
    setState('busy')
    const result = await onSignIn(typeof token === 'string' ? token : '')
    if (result !== 'signed-in') setState(result)
  }
  const refusal = state === 'idle' || state === 'busy' ? null : REFUSALS[state]
  return (
    <main className="centred">
      <form className="sign-in" onSubmit={(event) => void submit(event)}>
        <h1>
          Waybill <span>desk</span>
        </h1>
        <p>Look up what happened behind a customer’s reference.</p>
        <label htmlFor={id}>Token</label>
        <input
          id={id}
          name="token"
          type="password"
          autoComplete="current-password"
          required
          ref={field}
          aria-invalid={state === 'refused'}
          aria-describedby={`${id}-help`}
        />
        <p id={`${id}-help`} className="hint">
          Whoever runs the desk gives you one of your own: <code>waybill token create</code>
        </p>
        <p role="alert" className="refusal">
          {refusal}
        </p>
        <button type="submit" className="main-button" aria-disabled={state === 'busy'}>
          {state === 'busy' ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  )
}

export interface SignInProps {
  readonly onSignIn: DeskClient['signIn']
}

const REFUSALS = {
  refused: 'The desk does not take this token. It may have ended or been revoked: ask for a new one.',
  'not-allowed': 'This token may not look trails up. Ask for one with the scope “read”.',
  'too-often': 'Too many tries. Wait a minute, then try again.',
  failed: 'The desk cannot sign anybody in right now. Try again; if it stays, tell whoever runs it.',
  offline: 'The desk cannot be reached. Check your connection, then try again.',
} as const
