import { createMcpHandler } from '@modelcontextprotocol/server'
import type { TraceIdOptions } from '@waybill/reference'
import { Hono } from 'hono'
import type { Access, Identity } from '../access/Access.ts'
import { jsonIn } from '../jsonIn.ts'
import { lookUp } from '../lookup/lookUp.ts'
import type { TrailSummary } from '../lookup/Match.ts'
import { recentTrails } from '../lookup/recentTrails.ts'
import { spanIn } from '../spanIn.ts'
import type { Metrics } from '../operate/createMetrics.ts'
import type { Directory } from '../owners/createDirectory.ts'
import { problem } from '../problem.ts'
import { readBody } from '../readBody.ts'
import type { TrailSpans } from '../spans/createTrailSpans.ts'
import type { Store } from '../store/Store.ts'
import { createMcpServer } from './createMcpServer.ts'
import type { DeskReader } from './DeskReader.ts'

/**
 * `/mcp`: the tools over MCP's Streamable HTTP, without sessions. Every request asks for the scope `read`, counts as a look-up, and every tool
 * that shows trails is written down like one.
 */
export function mcpRoutes(options: McpRoutesOptions): Hono {
  const { store, access, metrics, identity, mostMatches, keepDays, spans, directory, onError, now } = options

  function readerFor(who: Identity): DeskReader {
    async function shown(trails: readonly Pick<TrailSummary, 'foundBy'>[], begun: number): Promise<void> {
      const outcome = trails.length > 0 ? 'hit' : 'miss'
      metrics.lookUp({ kind: 'mcp', outcome, durationMs: performance.now() - begun })
      await access.record({ event: 'look-up', identity: who, kind: trails[0]?.foundBy ?? null, matches: trails.length })
    }
    return {
      async find(text) {
        const begun = performance.now()
        const asked = { store, identity, limit: mostMatches, keepDays, now: now(), suggest: false, spans, directory }
        const answer = await lookUp(text, asked)
        await shown(answer.matches, begun)
        return answer
      },
      async recentFailures({ since, limit, ...failedAt }) {
        const begun = performance.now()
        const from = now() - (spanIn(since) ?? 0)
        const asked = { store, identity, now: now(), since: from, limit, failedOnly: true, failedAt, directory }
        const answer = await recentTrails(asked)
        await shown(answer.trails, begun)
        return answer
      },
    }
  }

  const routes = new Hono()
  routes.all('/mcp', async (context) => {
    const request = context.req.raw
    const admitted = await access.admit(context, 'read')
    if (!admitted.ok) return admitted.response
    // Browsers send one of these, agents none. A page that had its name point here could send nothing else.
    if (request.headers.has('origin') || request.headers.has('sec-fetch-site')) {
      await access.record({ event: 'refused', identity: admitted.identity, kind: 'foreign-page', matches: 1 })
      return NOT_FOR_PAGES()
    }
    const reader = readerFor(admitted.identity)
    const handler = createMcpHandler(() => createMcpServer({ reader, lengths: identity.lengths, onError }), {
      // The tools never change, so there is nothing to listen for.
      maxSubscriptions: 0,
    })
    if (request.method !== 'POST') return await handler.fetch(request)
    const read = await readBody(request, LONGEST_MESSAGE)
    if (!read.ok) return TOO_LONG()
    const message = jsonIn(read.text)
    // Several messages in one would be several look-ups for the limit's price of one. MCP has none since 2025-06-18.
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return NO_MESSAGE()
    return await handler.fetch(request, { parsedBody: message })
  })
  return routes
}

export interface McpRoutesOptions {
  readonly store: Store
  readonly access: Access
  readonly metrics: Pick<Metrics, 'lookUp'>
  readonly identity: TraceIdOptions
  readonly mostMatches: number
  readonly keepDays: number
  /** What stores of spans hold of a trail. @default there are none */
  readonly spans?: TrailSpans | undefined
  /** Who looks after what. @default nobody */
  readonly directory?: Directory | undefined
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

const LONGEST_MESSAGE = { maxBytes: 128 * 1024, maxInflatedBytes: 128 * 1024 }

const NOT_FOR_PAGES = (): Response =>
  problem({ status: 403, title: 'This is for agents, not for pages.', detail: 'In a browser use the desk’s own page.' })

const TOO_LONG = (): Response => problem({ status: 413, title: 'The message is longer than 128 kB or no UTF-8.' })

const NO_MESSAGE = (): Response =>
  problem({ status: 400, title: 'The body is not one JSON-RPC message.', detail: 'Send one message a request.' })
