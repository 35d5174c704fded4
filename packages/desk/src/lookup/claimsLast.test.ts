import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer } from '@waybill/desk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BROWSER_KEY, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

const order = 'A-4711'
const person = 'C-4711'
let desk: Awaited<ReturnType<typeof startDesk>>

beforeAll(async () => {
  desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    browserKeys: [BROWSER_KEY],
    port: 0,
  })
})
afterAll(() => desk.stop())

async function send(path: string, steps: readonly Step[], headers: Record<string, string> = {}): Promise<void> {
  const body = JSON.stringify(encodeOtlp(steps))
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }
  expect((await fetch(desk.url + path, init)).status).toBe(200)
}

const sendAsServer = (steps: readonly Step[]) => send('/v1/traces', steps, { authorization: `Bearer ${SERVER_KEY}` })
const sendAsBrowser = (steps: readonly Step[]) => send(`/v1/traces?key=${BROWSER_KEY}`, steps)

/** What anybody can make up who holds the public key. */
async function claim(count: number, fields: Partial<Step>): Promise<void> {
  for (let sent = 0; sent < count; sent += 50) {
    await sendAsBrowser(
      Array.from({ length: 50 }, (): Step => {
        const reference = mintReference()
        const fixed = {
          hop: 'browser',
          service: 'liar',
          name: 'Request refund',
          status: 'ok',
          action: 'succeeded',
        } as const
        return {
          id: mintSpanId(),
          reference,
          traceId: traceIdOf(reference),
          at: Date.now(),
          durationMs: 1,
          ...fixed,
          ...fields,
        }
      }),
    )
  }
}

async function search(text: string): Promise<LookUpAnswer> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' }
  const response = await fetch(`${desk.url}/api/search`, { method: 'POST', headers, body: text })
  expect(response.status).toBe(200)
  return (await response.json()) as LookUpAnswer
}

test('claims with somebody’s numbers never come before the trail that a server tied to them, however many there are', async () => {
  const own = refundTrail({ order, person, begunAt: Date.now() - 86_400_000 })
  // A server has a part in this one, and never said which order it is about.
  const half = refundTrail({ order, person, begunAt: Date.now() - 43_200_000 })
  await sendAsServer(own.servers)
  await sendAsBrowser([...own.browser, ...half.browser.map((step) => ({ ...step, facts: { order } }))])
  await sendAsServer(half.servers.map((step) => ({ ...step, facts: undefined, person: undefined })))
  let claims = 1
  for (const count of [50, 4950]) {
    await claim(count, { facts: { order }, person })
    claims += count
    for (const text of [order, person, `Where is my money for ${order}?`]) {
      const answer = await search(text)
      expect(answer).toMatchObject({ more: false, claims })
      expect(answer.matches.map((match) => match.reference).slice(0, 2)).toEqual([own.reference, half.reference])
      expect(answer.matches.map((match) => match.foundBy.startsWith('claim'))).toEqual([
        false,
        ...Array.from({ length: 20 }, () => true),
      ])
    }
  }
})

test('a job, a session, a provider’s answer or a span that browsers claim lead to no trail before a server’s', async () => {
  const own = refundTrail({ order: 'A-1' })
  const [served, , queued] = own.servers
  const provider = 'resp-58f1c2'
  await sendAsServer([{ ...served!, session: 's-4711', attributes: { 'gen_ai.response.id': provider } }, queued!])
  await claim(50, { session: 's-4711', jobId: queued!.jobId, attributes: { 'gen_ai.response.id': provider } })
  await claim(50, { id: served!.id })
  for (const text of ['s-4711', queued!.jobId!, provider, served!.id]) {
    const { matches, claims } = await search(text)
    expect(matches[0]?.reference, text).toBe(own.reference)
    expect(claims).toBe(50)
  }
})
