import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer } from '@waybill/desk'
import { parseReference, traceIdOf } from '@waybill/reference'
import { encodeOtlp, stepWords } from '@waybill/trail'
import type { OtlpSignal } from '@waybill/trail'
import { expect, test } from 'vitest'
import { bytesOfRequest } from '../../../trail/fixtures/otlpSchema.ts'

const recordings = join(import.meta.dirname, '..', '..', 'fixtures', 'otlp')
const composed = (name: string, signal: OtlpSignal = 'traces'): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytesOfRequest(JSON.parse(readFileSync(join(recordings, `${name}.json`), 'utf8')), signal))
const BODIES = {
  java: composed('java'),
  go: composed('go'),
  python: Uint8Array.from(readFileSync(join(recordings, 'python.bin'))),
}
const SENT = [
  ...Object.entries(BODIES).map(([language, body]) => ({ language, path: '/v1/traces', body })),
  ...Object.keys(BODIES).map((language) => ({
    language,
    path: '/v1/logs',
    body: composed(`${language}-logs`, 'logs'),
  })),
]

test('services in Java, Go and Python stand in the trail of the browser’s reference, with no code of ours', async () => {
  const keys = {
    readToken: 'token-for-reading',
    ingestKeys: ['secret-key-for-servers'],
    browserKeys: ['public-key-for-browsers'],
  }
  const now = () => Date.parse('2026-11-30T04:30:00Z')
  const desk = await startDesk({ ...keys, database: ':memory:', port: 0, now })
  const parsed = parseReference('RF7-K29-QXR')
  const reference = parsed.ok ? parsed.reference : expect.fail('no reference')
  const call = {
    id: 'a3ce929d0e0e4736',
    reference,
    traceId: traceIdOf(reference),
    hop: 'browser',
    service: 'shop-web',
    name: 'POST /api/refunds/:id',
    at: 1_796_011_996_000,
    durationMs: 2150,
    status: 'error',
    error: { type: '500' },
  } as const
  const sent = await fetch(`${desk.url}/v1/traces?key=public-key-for-browsers`, {
    method: 'POST',
    body: JSON.stringify(encodeOtlp([call])),
  })
  expect(await sent.json()).toEqual({})
  for (const { language, path, body } of SENT) {
    const headers = {
      'content-type': 'application/x-protobuf',
      authorization: 'Bearer secret-key-for-servers',
      'content-encoding': 'gzip',
    }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const response = await fetch(`${desk.url}${path}`, { method: 'POST', headers, body: gzipSync(body) })
    expect([language, path, response.status, response.headers.get('content-type')]).toEqual([
      language,
      path,
      200,
      'application/x-protobuf',
    ])
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect((await response.arrayBuffer()).byteLength).toBe(0)
  }
  const answer = await fetch(`${desk.url}/api/trails/RF7-K29-QXR`, {
    headers: { authorization: 'Bearer token-for-reading' },
  })
  const { matches } = (await answer.json()) as LookUpAnswer
  expect(matches).toMatchObject([{ reference, claimed: false, outcome: { state: 'failed', hop: 'api' } }])
  expect(matches[0]?.outcome.sentence).toMatch(/^risk-py answered POST \/score\/\{order\}; it timed out after /)
  const told = matches[0]?.steps.map((step) => {
    const { subject, deed, trouble } = stepWords(step)
    return [subject, deed, ...(trouble ? [trouble] : [])].join(' | ')
  })
  expect(told).toEqual([
    'shop-web | called POST /api/refunds/:id | the answer was 500',
    'refunds-java | answered POST /api/refunds/{id} | the answer was 500',
    'refunds-java | called POST at ledger.internal, which answered 201',
    'ledger-go | answered POST /ledger/entries with 201',
    'ledger-go | logged: entry accepted',
    'ledger-go | used the database: sql.conn.exec',
    'ledger-go | logged a warning: slow insert',
    'risk-py | answered POST /score/{order} | it timed out after 1 ms',
    'risk-py | logged an error: score for order … of … timed out (TimeoutError)',
    'risk-py | used the database: GET',
    'refunds-java | logged an error: Refund A-1001 could not be booked (java.lang.IllegalStateException)',
  ])
  expect(JSON.stringify(matches)).not.toMatch(/Jane|jane@|Traceback|Risk\.java|score\.py/)
  await desk.stop()
})
