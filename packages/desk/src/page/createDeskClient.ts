import type { Reference } from '@waybill/reference'
import { cleanText } from '@waybill/trail'
import type { AccessEvent, Identity, Scope } from '../access/Access.ts'
import type { FailureOutcome, FailuresAnswer } from '../failures/FailuresAnswer.ts'
import type { CustomerTrails, LookUpAnswer } from '../lookup/Match.ts'
import type { PathMap } from '../map/PathMap.ts'
import { setHandling } from './answer/setHandling.ts'
import type { SetHandlingOptions, SetHandlingResult } from './answer/setHandling.ts'
import { attachTicket } from './handover/attachTicket.ts'
import type { AttachTicketOptions, AttachTicketResult } from './handover/attachTicket.ts'

/** The desk's API as the page uses it. Nothing here throws; what can go wrong is in the answer. */
export function createDeskClient({ fetch = globalThis.fetch.bind(globalThis) }: DeskClientOptions = {}): DeskClient {
  const post = (path: string, body?: string): Promise<Response | null> =>
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      ...(body !== undefined && { body }),
    }).catch(() => null)
  const get = (path: string): Promise<Response | null> => fetch(path).catch(() => null)
  return {
    async lookUp(text) {
      if (text.length > LONGEST_TEXT) return { ok: false, reason: 'too-long' }
      return await answerIn<LookUpAnswer>(await post('/api/search', text), { list: 'matches' })
    },
    async customerTrails(person, { said, after }) {
      const query = new URLSearchParams({ said, ...(after !== null && { after: String(after) }) })
      const response = await get(`/api/customers/${encodeURIComponent(person)}?${query}`)
      if (response?.status === 400) return { ok: false, reason: 'no-such-customer' }
      return await answerIn<CustomerTrails>(response, { list: 'trails' })
    },
    async failures({ since, outcome, service }) {
      const query = new URLSearchParams({
        since,
        ...(outcome !== null && { outcome }),
        ...(service !== null && { service }),
      })
      return await answerIn<FailuresAnswer>(await get(`/api/failures?${query}`), { list: 'groups' })
    },
    async pathMap(since) {
      return await answerIn<PathMap>(await get(`/api/map?since=${since}`), { list: 'places' })
    },
    async log({ who, before }) {
      const query = new URLSearchParams({
        ...(who !== '' && { who }),
        ...(before !== null && { before: String(before) }),
      })
      return await answerIn<LogPage>(await get(`/api/log?${query}`), { list: 'entries', scope: 'admin' })
    },
    async session() {
      const response = await get('/session')
      if (!response) return 'offline'
      const { signedIn, who, scopes }: Readonly<Record<string, unknown>> = Object(
        await response.json().catch(() => null),
      )
      if (signedIn !== true) return 'signed-out'
      return { who: typeof who === 'string' ? cleanText(who) : null, scopes: Array.isArray(scopes) ? scopes : [] }
    },
    async signIn(token) {
      const response = await post('/login', token)
      if (!response) return 'offline'
      if (response.status === 429) return 'too-often'
      if (response.status === 403) return 'not-allowed'
      if (response.status === 401) return 'refused'
      return response.ok ? 'signed-in' : 'failed'
    },
    async signOut() {
      await post('/logout')
    },
    setHandling: (reference, options) => setHandling(reference, { ...options, fetch }),
    attachTicket: (reference, options) => attachTicket(reference, { ...options, fetch }),
  }
}

export interface DeskClient {
  /** Asks for trails by anything; by POST, so that what was typed stands in no address and no access log. */
  lookUp(text: string): Promise<LookUpResult<LookUpAnswer>>
  /** Asks for a page of a customer's trails; `person` is the beginning of the hash by which the desk knows them. */
  customerTrails(person: string, options: CustomerPageOptions): Promise<LookUpResult<CustomerTrails>>
  /** Asks for what failed of late, or waits for somebody, in groups of the same failure. */
  failures(options: FailuresOptions): Promise<LookUpResult<FailuresAnswer>>
  /** Asks for the map of what the desk heard of in this span, such as `7d`. */
  pathMap(since: string): Promise<LookUpResult<PathMap>>
  /** Asks for a page of the record of who saw what, newest first. */
  log(options: LogPageOptions): Promise<LookUpResult<LogPage>>
  session(): Promise<Session | 'signed-out' | 'offline'>
  signIn(token: string): Promise<SignInResult>
  signOut(): Promise<void>
  /** Notes who is on a trail, or that it was handled. */
  setHandling(reference: Reference, options: SetHandlingOptions): Promise<SetHandlingResult>
  /** Ties a trail to a ticket. */
  attachTicket(reference: Reference, options: AttachTicketOptions): Promise<AttachTicketResult>
}

export type LookUpResult<Answer> =
  { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly reason: LookUpFailure }

export interface CustomerPageOptions {
  /** By whose word they are the customer's. */
  readonly said: 'by-server' | 'by-browser'
  /** `next` of the page before; null for the first. */
  readonly after: number | null
}

export interface FailuresOptions {
  /** How far back, such as `24h`. */
  readonly since: string
  /** Only what stands so; null for what failed, or whose end nobody knows. */
  readonly outcome: FailureOutcome | null
  /** Only at this service; null for all. */
  readonly service: string | null
}

/** Whoever is signed in; by the page's cookie, or by a proxy before the desk. */
export interface Session {
  /** As the log names them; null when the desk does not say. */
  readonly who: string | null
  readonly scopes: readonly Scope[]
}

export interface LogPageOptions {
  /** Only what this one did; '' for everybody. */
  readonly who: string
  /** `next` of the page before; null for the first. */
  readonly before: number | null
}

export interface LogPage {
  readonly entries: readonly LogEntry[]
  /** What to ask for with `before`; null when these are the last. */
  readonly next: number | null
}

/** One line of the record, as the desk gives it to whoever may read it. */
export interface LogEntry extends Pick<Identity, 'who' | 'via' | 'address'> {
  readonly id: number
  /** ISO 8601. */
  readonly at: string
  readonly event: AccessEvent
  readonly kind: string | null
  readonly matches: number
}

/** `no-read` and `no-admin`: whoever is signed in lacks that scope. */
export type LookUpFailure =
  'offline' | 'signed-out' | 'no-read' | 'no-admin' | 'too-often' | 'too-long' | 'no-such-customer' | 'failed'

export type SignInResult = 'signed-in' | 'refused' | 'not-allowed' | 'too-often' | 'failed' | 'offline'

export interface DeskClientOptions {
  /** @default the browser's */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** In characters, what the desk takes in bytes; see `LONGEST_TEXT` of its routes. */
export const LONGEST_TEXT = 64 * 1024

async function answerIn<Answer>(
  response: Response | null,
  { list, scope = 'read' }: { readonly list: string; readonly scope?: 'read' | 'admin' },
): Promise<LookUpResult<Answer>> {
  if (!response) return { ok: false, reason: 'offline' }
  if (response.status === 401) return { ok: false, reason: 'signed-out' }
  if (response.status === 403) return { ok: false, reason: `no-${scope}` }
  if (response.status === 429) return { ok: false, reason: 'too-often' }
  if (response.status === 413) return { ok: false, reason: 'too-long' }
  const answer = response.ok ? await response.json().catch(() => null) : null
  // The desk that served this page wrote the answer; whatever else comes is an error page on the way.
  return Array.isArray(answer?.[list]) ? { ok: true, answer } : { ok: false, reason: 'failed' }
}
