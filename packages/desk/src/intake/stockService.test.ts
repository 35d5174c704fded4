import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer, Match, MatchStep } from '@waybill/desk'
import { mintReference, mintSpanId, traceIdOf, traceparentOf } from '@waybill/reference'
import { encodeOtlp, stepWords } from '@waybill/trail'
import { expect, test } from 'vitest'

const program = join(import.meta.dirname, '..', '..', 'fixtures', 'stockService.ts')

test.each(['http/protobuf', 'http/json'])(
  'a service with OpenTelemetry’s stock SDK and three instrumentations reads well in the trail, by %s, and warns of nothing',
  async (protocol) => {
    const told: string[] = []
    await using desk = await openDesk((message) => told.push(message))
    await using charges = await startCharges()
    await using service = await startService({
      OTEL_SERVICE_NAME: 'refunds-js',
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_ENDPOINT: desk.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20secret-key-for-servers',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_SEMCONV_STABILITY_OPT_IN: 'http,database',
      OTEL_LOG_LEVEL: 'info',
      ELSEWHERE: charges.url,
    })
    const good = await click(desk, service, '/api/refunds')
    const broken = await click(desk, service, '/broken')
    expect(await service.end()).toEqual('')
    const trail = await desk.trail(good.reference)
    expect(spansOf(trail)).toEqual([
      'shop-web called POST /api/refunds',
      'refunds-js answered POST /api/refunds with 201',
      'refunds-js used the database: pg-pool.connect',
      'refunds-js used the database: pg.connect',
      'refunds-js used the database: pg.query:SELECT test',
      'refunds-js called POST at 127.0.0.1, which answered 201',
      'refunds-js called GET at 127.0.0.1, which answered 200',
    ])
    expect(linesOf(trail)).toEqual(['refunds-js logged: charge booked for …'])
    expect(trail.outcome.sentence).toMatch(/^refunds-js answered POST \/api\/refunds with 201\. It took /)

    const failed = await desk.trail(broken.reference)
    expect(spansOf(failed)).toEqual([
      'shop-web called POST /broken; the answer was 503',
      'refunds-js answered POST /broken; the answer was 503',
      'refunds-js used the database: pg-pool.connect',
      'refunds-js used the database: pg.query:SELECT test',
      'refunds-js called POST at 127.0.0.1, which answered 201',
      'refunds-js called GET at 127.0.0.1, which answered 200',
      'refunds-js used the database: pg-pool.connect',
      'refunds-js used the database: pg.query:SELECT test; it failed (error)',
    ])
    expect(linesOf(failed)).toEqual([
      'refunds-js logged: charge booked for …',
      'refunds-js logged an error: the refund could not be written (error)',
    ])
    for (const { steps } of [trail, failed]) {
      expect(steps.every(({ part }) => part === 'own' || part === 'page')).toBe(true)
      // Words, for ids, ports and durations may have any digits in them.
      expect(JSON.stringify(steps)).not.toMatch(/jane|zebra|giraffe|no_such_table.*at /i)
    }
    // An SDK has spans of its own before the first request as well, so there may be more to tell.
    expect(told.filter((message) => message.includes('OTEL_METRICS_EXPORTER=none'))).toHaveLength(1)
  },
)

async function openDesk(warn: (message: string) => void) {
  const keys = {
    readToken: 'token-for-reading',
    ingestKeys: ['secret-key-for-servers'],
    browserKeys: ['public-key-for-browsers'],
  }
  const desk = await startDesk({ ...keys, database: ':memory:', port: 0, warn })
  return {
    url: desk.url,
    async trail(reference: string): Promise<Match> {
      const headers = { authorization: 'Bearer token-for-reading' }
      const response = await fetch(`${desk.url}/api/trails/${reference}`, { headers })
      const { matches } = (await response.json()) as LookUpAnswer
      return matches[0] ?? expect.fail('no trail')
    },
    [Symbol.asyncDispose]: () => desk.stop(),
  }
}

/** What a page does: calls under a reference of its own, and reports the call. */
async function click(desk: { readonly url: string }, service: { readonly url: string }, path: string) {
  const reference = mintReference()
  const traceId = traceIdOf(reference)
  const id = mintSpanId()
  const at = Date.now()
  const traceparent = traceparentOf(traceId, { spanId: id })
  const { status } = await fetch(`${service.url}${path}`, { method: 'POST', headers: { traceparent } })
  const isError = status >= 400
  const call = {
    id,
    reference,
    traceId,
    hop: 'browser',
    service: 'shop-web',
    name: `POST ${path}`,
    at,
    durationMs: Date.now() - at,
    status: isError ? 'error' : 'ok',
    ...(isError && { error: { type: String(status) } }),
  } as const
  await fetch(`${desk.url}/v1/traces?key=public-key-for-browsers`, {
    method: 'POST',
    body: JSON.stringify(encodeOtlp([call])),
  })
  return { reference }
}

async function startCharges() {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(request.method === 'POST' ? 201 : 200).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${Object(server.address()).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function startService(env: Readonly<Record<string, string>>) {
  const database = process.env['WAYBILL_TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/test'
  const child = spawn(process.execPath, ['--no-warnings', program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', DATABASE: database, ...env },
  })
  const said: string[] = []
  const exited = once(child, 'exit')
  for (const stream of [child.stderr, child.stdout]) stream.on('data', (chunk: Buffer) => said.push(String(chunk)))
  const [first] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error(said.join('')))),
  ])
  return {
    url: String(first),
    /** Gives all that it said beside its address. */
    async end(): Promise<string> {
      child.stdin.end()
      await exited
      return said.join('').replace(`${String(first)}\n`, '')
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exited
    },
  }
}

const spansOf = ({ steps }: Match): string[] => steps.filter(({ hop }) => hop !== 'log').map(told)
const linesOf = ({ steps }: Match): string[] => steps.filter(({ hop }) => hop === 'log').map(told)

function told(step: MatchStep): string {
  const { subject, deed, trouble } = stepWords(step)
  return `${subject} ${deed}${trouble ? `; ${trouble}` : ''}`
}
