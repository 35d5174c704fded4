import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { createWaybill } from '@waybill/server'
import type { ServerWaybill } from '@waybill/server'
import { decodeOtlp } from '@waybill/trail'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../../fixtures/listen.ts'

let arrived: string[] = []
let requests: IncomingMessage[] = []
let faults: unknown[] = []
let causes: unknown[] = []
let answers: ((response: ServerResponse) => void)[] = []
let desk = createServer()
let port = 0
let waybill: ServerWaybill

/** A desk that reads OTLP and answers as told, once each, then 200. */
async function startDesk(onPort = 0): Promise<void> {
  desk = createServer(async (request, response) => {
    const bytes = await buffer(request)
    const body = String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes)
    requests.push(request)
    const answer = answers.shift()
    if (answer) return answer(response)
    arrived.push(...decodeOtlp(JSON.parse(body)).steps.map((step) => step.name))
    response.setHeader('content-type', 'application/json').end('{}')
  })
  port = Number(new URL((await listen(desk, onPort)).origin).port)
}

async function stopDesk(): Promise<void> {
  desk.closeAllConnections()
  await new Promise((resolve) => desk.close(resolve))
}

function status(code: number, headers: Record<string, string> = {}): (response: ServerResponse) => void {
  return (response) => response.writeHead(code, headers).end()
}

function record(count: number, from = 0): string[] {
  const names = Array.from({ length: count }, (_, i) => `step ${from + i}`)
  for (const name of names) waybill.begin({ hop: 'worker', name }).end()
  return names
}

beforeEach(async () => {
  arrived = []
  requests = []
  faults = []
  causes = []
  answers = []
  await startDesk()
  waybill = createWaybill({
    service: 'refund-worker',
    deliverTo: `http://127.0.0.1:${port}/waybill/`,
    key: 'k1',
    maxWaiting: 500,
    onError(error) {
      faults.push(String(error))
      if (error instanceof Error && error.cause) causes.push(error.cause)
    },
  })
})
afterEach(async () => {
  await waybill.stop()
  await stopDesk()
})

describe('reporting', () => {
  test('sends steps in large batches, with the key, in the background', async () => {
    const names = record(120)
    await expect.poll(() => arrived.length).toBe(120)
    expect(arrived).toEqual(names)
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ url: '/waybill/v1/traces', headers: { authorization: 'Bearer k1' } })
  })

  test('loses nothing while the desk is down, says so once, and never disturbs the host', async () => {
    const before = record(10)
    await stopDesk()
    await waybill.flush()
    const during = record(60, 10)
    await waybill.flush()
    await startDesk(port)
    await expect.poll(() => arrived.length).toBe(70)
    expect(arrived).toEqual([...before, ...during])
    expect(faults).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  test('waits as long as the desk asks, and sends the same batch again', async () => {
    answers = [status(503, { 'retry-after': '1' })]
    const names = record(3)
    await waybill.flush()
    const refusedAt = performance.now()
    await expect.poll(() => arrived).toEqual(names)
    expect(performance.now() - refusedAt).toBeGreaterThan(900)
  })

  test('keeps steps through a wrong key, splits what is too large, drops only what the desk refuses for good', async () => {
    answers = [status(401), status(413)]
    const names = record(4)
    await waybill.flush()
    await waybill.flush()
    expect(arrived).toEqual(names)
    answers = [status(400)]
    record(1)
    await waybill.flush()
    answers = [(response) => response.end('{"partialSuccess":{"rejectedSpans":"2"}}')]
    record(2)
    await waybill.flush()
    expect(faults).toEqual(
      [/status 401/, /refused 1 steps for good/, /could not read 2 steps/].map((each) => expect.stringMatching(each)),
    )
  })

  test('drops the oldest, and says so once, when more steps wait than fit', async () => {
    await stopDesk()
    const names = record(1000)
    await waybill.flush()
    await startDesk(port)
    await expect.poll(() => arrived.includes('step 999')).toBe(true)
    await waybill.flush()
    expect(arrived.length).toBeGreaterThanOrEqual(500)
    expect(arrived.slice(-500)).toEqual(names.slice(-500))
    expect(faults.filter((each) => String(each).includes('oldest are dropped'))).toHaveLength(1)
  })

  test('passes on what the desk says of steps that it took, once as long as it says the same', async () => {
    const saying = (errorMessage: string) => (response: ServerResponse) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ partialSuccess: { rejectedSpans: '0', errorMessage } }))
    answers = [saying('Left out: a fact.'), saying('Left out: a fact.'), saying(''), saying('Left out:\n another.')]
    for (let i = 0; i < 4; i++) {
      record(1)
      // oxlint-disable-next-line no-await-in-loop -- each answer is another request's
      await waybill.flush()
    }
    expect(causes).toEqual(['Left out: a fact.', 'Left out:  another.'])
    expect(faults).toEqual(causes.map(() => 'Error: [waybill] The desk took the steps, but not all that they hold.'))
  })

  test('delivers on stop, trying again while there is time, and takes nothing afterwards', async () => {
    answers = [status(500)]
    const names = record(5)
    await Promise.all([waybill.stop(), waybill.stop()])
    expect(arrived).toEqual(names)
    record(1)
    await waybill.flush()
    expect(arrived).toEqual(names)
  })

  test('runs outside of any context, so that it is nobody’s step', async () => {
    await waybill.run({ hop: 'api', name: 'a' }, () => waybill.flush())
    await waybill.flush()
    expect(requests.every((request) => request.headers.traceparent === undefined)).toBe(true)
  })
})
