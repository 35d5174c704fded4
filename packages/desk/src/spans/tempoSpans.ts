import { readBytes } from './readAnswer.ts'
import { searchSpans } from './searchSpans.ts'
import type { SpansInRange } from './searchSpans.ts'
import { SpanFault, spanFaultOf } from './SpanFault.ts'
import type { SpanReader, TimeWindow } from './SpanReader.ts'
import { tempoTrace } from './tempoTrace.ts'

/**
 * Reads spans from Grafana Tempo by its HTTP API (https://grafana.com/docs/tempo/latest/api_docs/#query-v2): `GET /api/v2/traces/<id>`, or, where a Tempo is too
 * old for that, `/api/traces/<id>`. Each trace-id is one request, with the time in which to look, since Tempo would go through every block otherwise.
 */
export function tempoSpans({ url, headers = {} }: TempoOptions): SpanReader {
  let version: 'v2' | 'v1' = 'v2'

  async function askOnce(
    traceId: string,
    { from, to }: TimeWindow,
    signal: AbortSignal,
    asks: 'v2' | 'v1' = version,
  ): Promise<Response> {
    const path = asks === 'v2' ? `api/v2/traces/${traceId}` : `api/traces/${traceId}`
    const address = new URL(path, url.href.replace(/\/*$/, '/'))
    address.searchParams.set('start', String(Math.floor(from / 1000)))
    address.searchParams.set('end', String(Math.ceil(to / 1000)))
    return await fetch(address, { headers: { ...headers, accept: 'application/protobuf' }, signal, redirect: 'error' })
  }

  async function ask(traceId: string, range: TimeWindow, signal: AbortSignal): Promise<SpansInRange> {
    let response = await askOnce(traceId, range, signal)
    let absence = response.status === 404 ? await absenceIn(response) : undefined
    if (absence === 'no such path' && version === 'v2') {
      response = await askOnce(traceId, range, signal, 'v1')
      absence = response.status === 404 ? await absenceIn(response) : undefined
      if (absence !== 'no such path') version = 'v1'
    }
    if (absence === 'no such path') throw new SpanFault('unreadable', 'There is no Tempo at this address.')
    if (absence === 'no such trace') return { resourceSpans: [], isCut: false }
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new SpanFault(REASONS[response.status] ?? 'unreachable', `Tempo answered ${response.status}.`)
    }
    const bytes = await readBytes(response)
    const trace = tempoTrace(bytes, { isJson: /json/.test(response.headers.get('content-type') ?? ''), version })
    if (!trace) throw new SpanFault('unreadable', 'What Tempo answered is no trace.')
    return trace
  }

  return {
    where: 'tempo',
    read: (asked) =>
      searchSpans(asked, {
        where: 'tempo',
        async ask(range) {
          const found = await Promise.all(asked.traceIds.map((traceId) => ask(traceId, range, asked.signal)))
          return {
            resourceSpans: found.flatMap(({ resourceSpans }) => resourceSpans),
            isCut: found.some(({ isCut }) => isCut),
          }
        },
      }),
    async probe(signal) {
      try {
        const now = Date.now()
        await ask('0'.repeat(31) + '1', { from: now - 60_000, to: now }, signal)
        return { ok: true, found: `Tempo, by ${version === 'v2' ? '/api/v2/traces' : '/api/traces'}` }
      } catch (error) {
        const { reason, message } = spanFaultOf(error)
        return { ok: false, reason, detail: message }
      }
    },
  }
}

export interface TempoOptions {
  /** Where Tempo’s API begins, such as `http://tempo:3200`. */
  readonly url: URL
  /** Such as `X-Scope-OrgID` for one of several tenants, or `Authorization`. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What knows the path says in its own words that it has no such trace; what does not, in those of a router or a proxy. */
async function absenceIn(response: Response): Promise<'no such path' | 'no such trace'> {
  const text = new TextDecoder().decode(await readBytes(response))
  return /page not found|<html/i.test(text) ? 'no such path' : 'no such trace'
}

const REASONS: Readonly<Record<number, SpanFault['reason']>> = {
  400: 'unreadable',
  401: 'refused',
  403: 'refused',
  413: 'over-budget',
  422: 'over-budget',
  429: 'refused',
  504: 'timed-out',
}
