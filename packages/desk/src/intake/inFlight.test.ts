import { gzipSync } from 'node:zlib'
import { encodeOtlp } from '@waybill/trail'
import { mintSpanId } from '@waybill/reference'
import { expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { createByteBudget } from '../createByteBudget.ts'
import { readBytes } from '../readBytes.ts'

const asServer = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
const asBrowser = { 'content-type': 'text/plain' }
const KB = 1024

test('a hundred large bodies at once hold no more than the budget, and what was refused can come again', async () => {
  const budget = createByteBudget(1000 * KB)
  const folded = gzipSync(Buffer.alloc(400 * KB, 'steps '))
  let most = 0
  const send = (body: Buffer, encoding: string) =>
    budget.hold(async (reserve) => {
      const request = new Request('http://desk.example', {
        method: 'POST',
        headers: { 'content-encoding': encoding },
        body: new Uint8Array(body),
      })
      const limits = { maxBytes: 500 * KB, maxInflatedBytes: 500 * KB }
      const read = await readBytes(request, {
        ...limits,
        reserve: (bytes) => {
          const reserved = reserve(bytes)
          most = Math.max(most, budget.held())
          return reserved
        },
      })
      return read.ok ? read.bytes.byteLength : read.reason
    })
  const plain = Buffer.alloc(400 * KB, 'x')
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => (index % 2 ? send(plain, 'identity') : send(folded, 'gzip'))),
  )
  expect(most).toBeLessThanOrEqual(1000 * KB)
  expect(most).toBeGreaterThan(400 * KB)
  expect(new Set(answers)).toEqual(new Set([400 * KB, 'busy']))
  expect(budget.held()).toBe(0)
  expect(await send(folded, 'gzip')).toBe(400 * KB)
  // Nothing that others let go of would ever make room for these.
  expect(
    await createByteBudget(100 * KB).hold((reserve) =>
      readBytes(new Request('http://desk.example', { method: 'POST', body: new Uint8Array(plain) }), {
        maxBytes: 500 * KB,
        maxInflatedBytes: 500 * KB,
        reserve,
      }),
    ),
  ).toEqual({ ok: false, reason: 'size' })
})

test('beyond what bodies under way may hold a desk answers 503 with Retry-After, and browsers cannot take the servers’ share', async () => {
  await using desk = openDesk({ limits: { inFlightBytes: 400 * KB } })
  const { servers } = refundTrail()
  const server = startBody(asServer, desk.request, '/v1/traces')
  const browsers = ['one', 'two'].map(() => startBody(asBrowser, desk.request, `/v1/traces?key=${BROWSER_KEY}`))
  await server.send(290 * KB)
  for (const browser of browsers) await browser.send(49 * KB)
  const refused = [await desk.sendAsServer(many(30)), await desk.sendAsBrowser(many(10))]
  expect(refused.map(({ status }) => status)).toEqual([503, 503])
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  for (const browser of browsers) expect((await browser.end()).status).toBe(200)
  expect((await desk.sendAsBrowser(many(10))).status).toBe(200)
  expect((await desk.sendAsServer(many(30))).status).toBe(503)
  expect((await server.end()).status).toBe(200)
  expect((await desk.sendAsServer(many(30))).status).toBe(200)
  expect((await desk.sendAsServer(servers)).status).toBe(200)
})

test('a body of more steps than ever wait is 413, and fewer are taken', async () => {
  await using desk = openDesk({ limits: { waitingSteps: 100, stepsPerTrail: 500 } })
  for (let time = 0; time < 2; time++) {
    const refused = await desk.sendAsServer(many(101))
    expect(refused.status).toBe(413)
    expect(refused.headers.get('retry-after')).toBeNull()
    expect(await refused.json()).toMatchObject({ title: 'The body has more in it than the desk takes at once.' })
  }
  expect((await desk.sendAsServer(many(100))).status).toBe(200)
})

/** So many steps of one trail, about half a kilobyte each. */
function many(count: number) {
  const [step] = refundTrail().servers
  return Array.from({ length: count }, () => ({ ...step!, id: mintSpanId() }))
}

/** A request whose body comes as slowly as it is told to. */
function startBody(
  headers: Record<string, string>,
  request: (path: string, init: RequestInit) => Promise<Response>,
  path: string,
) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const init = { method: 'POST', headers, body: readable, duplex: 'half' } as RequestInit
  const answer = request(path, init)
  return {
    /** Spaces, which JSON may begin with. Fulfilled once they are read. */
    send: (bytes: number) => writer.write(new Uint8Array(bytes).fill(0x20)),
    async end() {
      await writer.write(Buffer.from(JSON.stringify(encodeOtlp([]))))
      await writer.close()
      return await answer
    },
  }
}
