import type { LookUpAnswer } from '../lookup/Match.ts'

/** The desk's API as the page uses it. Nothing here throws; what can go wrong is in the answer. */
export function createDeskClient({ fetch = globalThis.fetch.bind(globalThis) }: DeskClientOptions = {}): DeskClient {
  const post = (path: string, body?: string): Promise<Response | null> =>
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      ...(body !== undefined && { body }),
    }).catch(() => null)
  return {
    async lookUp(text) {
      const response = await post('/api/search', text)
      if (!response) return { ok: false, reason: 'offline' }
      if (response.status === 401) return { ok: false, reason: 'signed-out' }
      if (response.status === 429) return { ok: false, reason: 'too-often' }
      if (response.status === 413) return { ok: false, reason: 'too-long' }
      const answer = response.ok ? await response.json().catch(() => null) : null
      // The desk that served this page wrote the answer; whatever else comes is an error page on the way.
      return Array.isArray(answer?.matches) ? { ok: true, answer } : { ok: false, reason: 'failed' }
    },
    async isSignedIn() {
      const response = await fetch('/session').catch(() => null)
      if (!response) return 'offline'
      const session = await response.json().catch(() => null)
      return session?.signedIn === true
    },
    async signIn(token) {
      const response = await post('/login', token)
      if (!response) return 'offline'
      if (response.status === 429) return 'too-often'
      return response.ok ? 'signed-in' : 'refused'
    },
    async signOut() {
      await post('/logout')
    },
  }
}

export interface DeskClient {
  /** Asks for trails by anything; by POST, so that what was typed stands in no address and no access log. */
  lookUp(text: string): Promise<LookUpResult>
  isSignedIn(): Promise<boolean | 'offline'>
  signIn(token: string): Promise<SignInResult>
  signOut(): Promise<void>
}

type LookUpResult =
  { readonly ok: true; readonly answer: LookUpAnswer } | { readonly ok: false; readonly reason: LookUpFailure }

export type LookUpFailure = 'offline' | 'signed-out' | 'too-often' | 'too-long' | 'failed'

export type SignInResult = 'signed-in' | 'refused' | 'too-often' | 'offline'

export interface DeskClientOptions {
  /** @default the browser's */
  readonly fetch?: typeof globalThis.fetch | undefined
}
