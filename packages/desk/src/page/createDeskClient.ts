import type { CustomerTrails, LookUpAnswer } from '../lookup/Match.ts'
import type { PathMap } from '../map/PathMap.ts'

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
      if (text.length > LONGEST_TEXT) return { ok: false, reason: 'too-long' }
      return await answerIn<LookUpAnswer>(await post('/api/search', text), 'matches')
    },
    async customerTrails(person, { said, after }) {
      const query = new URLSearchParams({ said, ...(after !== null && { after: String(after) }) })
      const response = await fetch(`/api/customers/${encodeURIComponent(person)}?${query}`).catch(() => null)
      if (response?.status === 400) return { ok: false, reason: 'no-such-customer' }
      return await answerIn<CustomerTrails>(response, 'trails')
    },
    async pathMap(since) {
      return await answerIn<PathMap>(await fetch(`/api/map?since=${since}`).catch(() => null), 'places')
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
  lookUp(text: string): Promise<LookUpResult<LookUpAnswer>>
  /** Asks for a page of a customer's trails; `person` is the beginning of the hash by which the desk knows them. */
  customerTrails(person: string, options: CustomerPageOptions): Promise<LookUpResult<CustomerTrails>>
  /** Asks for the map of what the desk heard of in this span, such as `7d`. */
  pathMap(since: string): Promise<LookUpResult<PathMap>>
  isSignedIn(): Promise<boolean | 'offline'>
  signIn(token: string): Promise<SignInResult>
  signOut(): Promise<void>
}

export type LookUpResult<Answer> =
  { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly reason: LookUpFailure }

export interface CustomerPageOptions {
  /** By whose word they are the customer's. */
  readonly said: 'by-server' | 'by-browser'
  /** `next` of the page before; null for the first. */
  readonly after: number | null
}

export type LookUpFailure = 'offline' | 'signed-out' | 'too-often' | 'too-long' | 'no-such-customer' | 'failed'

export type SignInResult = 'signed-in' | 'refused' | 'too-often' | 'offline'

export interface DeskClientOptions {
  /** @default the browser's */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** In characters, what the desk takes in bytes; see `LONGEST_TEXT` of its routes. */
export const LONGEST_TEXT = 64 * 1024

async function answerIn<Answer>(response: Response | null, list: string): Promise<LookUpResult<Answer>> {
  if (!response) return { ok: false, reason: 'offline' }
  if (response.status === 401) return { ok: false, reason: 'signed-out' }
  if (response.status === 429) return { ok: false, reason: 'too-often' }
  if (response.status === 413) return { ok: false, reason: 'too-long' }
  const answer = response.ok ? await response.json().catch(() => null) : null
  // The desk that served this page wrote the answer; whatever else comes is an error page on the way.
  return Array.isArray(answer?.[list]) ? { ok: true, answer } : { ok: false, reason: 'failed' }
}
