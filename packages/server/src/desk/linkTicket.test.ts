import { mintReference } from '@waybill/reference'
import { linkTicket } from '@waybill/server/tickets'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startVendor } from '../../fixtures/startVendor.ts'
import type { Vendor } from '../../fixtures/startVendor.ts'

const link = { reference: mintReference(), value: 'ZD-4711' }
let desk: Vendor

beforeAll(async () => {
  desk = await startVendor({ body: {} })
})
afterAll(() => desk.stop())
beforeEach(() => {
  desk.requests.length = 0
})

test('says it once, with the key, at the address of the desk', async () => {
  const url = 'https://shop.zendesk.com/agent/tickets/4711'
  expect(await linkTicket({ deskUrl: `${desk.url}/`, key: 'k' }, { ...link, url })).toEqual({ ok: true })
  expect(await linkTicket({ deskUrl: desk.url, key: 'k' }, [])).toEqual({ ok: true })
  expect(desk.requests).toMatchObject([
    { method: 'POST', path: '/api/links', body: [{ ...link, kind: 'ticket', url }] },
  ])
  expect(desk.requests[0]?.headers).toMatchObject({ authorization: 'Bearer k', 'content-type': 'application/json' })
})

test.each([
  [400, false],
  [401, false],
  [404, false],
  [429, true],
  [500, true],
  [503, true],
])('an answer of %i is worth another try: %j', async (status, retry) => {
  desk.replies.push({ status, body: { title: 'no' } })
  expect(await linkTicket({ deskUrl: desk.url, key: 'k' }, link)).toEqual({ ok: false, status, retry })
})

test('never throws for what the network does, and takes the key nowhere else', async () => {
  desk.replies.push({ status: 307, headers: { location: `${desk.url}/elsewhere` }, body: {} })
  const noAnswer = { ok: false, retry: true }
  expect(await linkTicket({ deskUrl: desk.url, key: 'k' }, link)).toEqual(noAnswer)
  expect(desk.requests).toHaveLength(1)
  expect(await linkTicket({ deskUrl: 'http://127.0.0.1:9', key: 'k' }, link)).toEqual(noAnswer)
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
  expect(await linkTicket({ deskUrl: desk.url, key: 'k', timeoutMs: 20, fetch }, link)).toEqual(noAnswer)
})

test('refuses at once an address that is none', async () => {
  await expect(linkTicket({ deskUrl: 'desk.shop.example', key: 'k' }, link)).rejects.toThrow('[waybill] The desk needs')
})
