import type { LookUpAnswer } from '../lookup/Match.ts'
import type { RecentTrailsAnswer } from '../lookup/recentTrails.ts'
import type { DeskReader } from './DeskReader.ts'
import { Unreadable } from './DeskReader.ts'

/** Reads a desk elsewhere through its look-up API, which admits, limits and writes down as it does for anybody. */
export function createDeskReader({ desk, token }: DeskReaderOptions): DeskReader {
  const { origin } = new URL(desk)

  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = { ...init.headers, authorization: `Bearer ${token}` }
    const url = `${desk.replace(/\/$/, '')}${path}`
    // With a redirect the token would go where nobody configured it to go.
    const request = { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) } as const
    const response = await fetch(url, request).catch(() => null)
    if (!response)
      throw new Unreadable(`[waybill] There is no answer from the desk at ${origin}. Check that it runs there.`)
    if (!response.ok)
      throw new Unreadable(
        `[waybill] ${REASONS[response.status] ?? `The desk answered ${response.status}. Check its address.`}`,
      )
    return await response.json().catch(() => {
      throw new Unreadable(`[waybill] What answers at ${origin} is no desk. Check the address.`)
    })
  }

  return {
    async find(text) {
      const headers = { 'content-type': 'text/plain' }
      // In the body and not in the address, which proxies write into their logs.
      const answer = (await ask('/api/search', { method: 'POST', headers, body: text })) as LookUpAnswer
      return checked(answer, answer?.matches, origin)
    },
    async recentFailures({ since, hop, service }) {
      const query = new URLSearchParams({ since, failed: '1', ...(hop && { hop }), ...(service && { service }) })
      const answer = (await ask(`/api/recent?${query}`)) as RecentTrailsAnswer
      return checked(answer, answer?.trails, origin)
    },
  }
}

export interface DeskReaderOptions {
  /** Its address. */
  readonly desk: string
  /** With the scope `read`. */
  readonly token: string
}

const TIMEOUT_MS = 30_000

const REASONS: Readonly<Record<number, string>> = {
  401: 'The desk does not know the token, so it shows nothing. Set the environment variable to a token of the desk with the scope read.',
  403: 'The token may not read trails. Give one with the scope read.',
  413: 'The text is too long for the desk. Send the part that holds the code.',
  429: 'The desk has had too many look-ups from here. Wait a minute.',
}

function checked<Answer>(answer: Answer, list: unknown, origin: string): Answer {
  if (!Array.isArray(list)) throw new Unreadable(`[waybill] What answers at ${origin} is no desk. Check the address.`)
  return answer
}
