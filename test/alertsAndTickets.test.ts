import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintReference } from '@waybill/reference'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer, RunningDesk } from '@waybill/desk'
import { createWaybill } from '@waybill/server'
import type { ServerWaybill } from '@waybill/server'
import { tracedAlerts } from '@waybill/server/alerts'
import { linkTicket, referencesInTicket, ticketFields } from '@waybill/server/tickets'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bytesIn } from '../packages/desk/fixtures/dayFiles.ts'

/** What alerts and tickets say to the real desk, and what is found there by a ticket's number. */
const TOKEN = 'token-for-reading'
const PRIVATE = 'Refund of jane@example.com, card 4111 1111 1111 1111, prompt: be kind to Jane'
const folder = mkdtempSync(join(tmpdir(), 'waybill-alerts-'))
const faults: unknown[] = []
let desk: RunningDesk
let waybill: ServerWaybill

beforeAll(async () => {
  desk = await startDesk({
    database: join(folder, 'desk.db'),
    readToken: TOKEN,
    ingestKeys: ['secret-key-for-servers'],
    port: 0,
  })
  const onError = (error: unknown): void => void faults.push(error)
  waybill = createWaybill({ service: 'refund-worker', deliverTo: desk.url, key: 'secret-key-for-servers', onError })
})
afterAll(async () => {
  await waybill?.stop()
  await desk?.stop()
  rmSync(folder, { recursive: true })
})

async function search(text: string): Promise<LookUpAnswer['matches']> {
  await waybill.flush()
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' }
  const response = await fetch(`${desk.url}/api/search`, { method: 'POST', headers, body: text })
  return ((await response.json()) as LookUpAnswer).matches
}

const failRefund = () =>
  waybill
    .run({ hop: 'worker', name: 'refunds', parent: waybill.mint() }, async (step) => {
      await tracedAlerts(waybill, { deskUrl: desk.url }).raise({ name: 'refund failed' }, (alert) => {
        alert.slack({ text: PRIVATE })
      })
      throw Object.assign(new RangeError(PRIVATE), { reference: step.context.reference })
    })
    .catch((error: { readonly reference: string }) => error.reference)

test('a failed action’s trail tells of the alert and of the ticket that was opened, and is found by the ticket’s number', async () => {
  const failed = await failRefund()
  const parent = waybill.accept({ 'Trace-Reference': failed })
  const ticket = await waybill.run({ hop: 'support', name: 'a Zendesk ticket', parent }, (step) => {
    step.note({ ticket: 'ZD-4711' })
    return { subject: PRIVATE, ...ticketFields(step.context.reference, { vendor: 'zendesk', fieldId: 360042 }) }
  })
  expect(ticket.custom_fields).toEqual([{ id: 360042, value: failed }])
  const [match] = await search('ZD-4711')
  expect(match).toMatchObject({ reference: failed, outcome: { state: 'failed' } })
  const told = match?.steps.map(({ hop, name, status }) => [hop, name, status])
  expect(told).toEqual([
    ['worker', 'refunds', 'error'],
    ['alert', 'refund failed', 'ok'],
    ['support', 'a Zendesk ticket', 'ok'],
  ])
})

test('a ticket that began at the vendor’s is linked by what is written in it, again and again', async () => {
  const [one, two] = [await failRefund(), await failRefund()]
  const references = referencesInTicket({ field: one, subject: PRIVATE, text: `… and ORD-${two}, too. ${PRIVATE}` })
  expect(references).toEqual([one, two])
  const links = references.map((reference) => ({ reference, value: 'ZD-4712', service: 'zendesk' }))
  for (const key of ['secret-key-for-servers', 'secret-key-for-servers'])
    expect(await linkTicket({ deskUrl: desk.url, key }, links)).toEqual({ ok: true })
  const matches = await search('customer writes again in ZD-4712')
  expect(matches.map(({ reference }) => reference).toSorted()).toEqual([one, two].toSorted())
  expect(matches[0]?.noted).toMatchObject([{ kind: 'ticket', value: 'ZD-4712', service: 'zendesk' }])
})

test('a link that the desk refuses is told, and worth no other try', async () => {
  const link = { reference: mintReference(), value: 'ZD-4713' }
  const refused = { ok: false, retry: false }
  expect(await linkTicket({ deskUrl: desk.url, key: 'wrong' }, link)).toEqual({ ...refused, status: 401 })
  const tooLong = { ...link, value: PRIVATE.repeat(10) }
  expect(await linkTicket({ deskUrl: desk.url, key: 'secret-key-for-servers' }, tooLong)).toEqual({
    ...refused,
    status: 400,
  })
  expect(await search('ZD-4713')).toEqual([])
})

test('an alert about many stands in each of their trails, linked both ways', async () => {
  const failed = [await failRefund(), await failRefund()]
  await tracedAlerts(waybill).raise({ name: 'refunds failing', references: failed }, () => undefined)
  const [match] = await search(failed[0]!)
  const [there] = match!.links
  expect(there).toMatchObject({ rel: 'child', count: 1 })
  const [alert] = await search(there!.references[0]!)
  expect(alert?.links).toMatchObject([{ rel: 'parent', count: 2 }])
  expect(new Set(alert?.links[0]?.references)).toEqual(new Set(failed))
})

test('nothing private is in the desk’s file', () => {
  const bytes = bytesIn(folder).toString('latin1')
  expect(bytes).toContain('ZD-4711')
  expect(/jane|4111 1111|be kind/i.exec(bytes)).toBeNull()
  expect(faults).toEqual([])
})
