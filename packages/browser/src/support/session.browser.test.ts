import { createWaybill } from '@waybill/browser'
import type { ActionRecord, Waybill } from '@waybill/browser'
import { formatReference } from '@waybill/reference'
import { ENGLISH_SUPPORT, handoverOf, sessionJson, sessionText } from '@waybill/browser/support'
import { afterEach, beforeEach, expect, test } from 'vitest'

let waybill: Waybill
let now: number
let status: number | 'none' | 'open'

const answer: typeof fetch = async () => {
  if (status === 'none') throw new TypeError('Failed to fetch')
  if (status === 'open') return new Promise(() => undefined)
  return new Response('', { status })
}

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  now = Date.UTC(2026, 8, 14, 8, 14, 3)
  status = 200
  waybill = createWaybill({ service: 'shop-web', prefix: 'ORD', now: () => now, fetch: answer })
})
afterEach(() => waybill.stop())

const TEXT = { timeZone: 'Europe/Berlin' }
const shownOf = (action: { reference: Parameters<typeof formatReference>[0] }) =>
  formatReference(action.reference, { prefix: 'ORD' })

test('a session reads as text: newest first, with state, code, local time and zone, masked calls and what support has', async () => {
  const refund = waybill.begin('Request refund')
  await refund.fetch('/api/orders/A-1001/refund?email=jane@example.org', { method: 'POST' })
  refund.succeed()
  now += 60_000
  status = 503
  const pay = waybill.begin('Pay')
  await pay.fetch('/api/payments', { method: 'POST' })
  status = 'none'
  await pay.fetch('/api/cards/4111111111111111').catch(() => undefined)
  status = 'open'
  void pay.fetch('/api/receipts')
  pay.fail(new Error('Card of jane@example.org was declined'))
  await waybill.flush()
  expect(sessionText(waybill, TEXT)).toBe(`Recent actions, newest first

Pay: failed
Reference: ${shownOf(pay)}
14 September 2026 at 10:15:03 CEST
POST /api/payments: 503
GET /api/cards/:id: no answer
GET /api/receipts: no answer yet
Kept on this device only.

Request refund: done
Reference: ${shownOf(refund)}
14 September 2026 at 10:14:03 CEST
POST /api/orders/:id/refund: 200
Kept on this device only.`)
})

test('what support has is said as far as it is certain: it may know the start of what is not all delivered', async () => {
  const { session } = waybill
  const textOf = (delivery: ActionRecord['delivery']) =>
    sessionText({ prefix: undefined, session: { ...session, actions: () => [{ ...session.actions()[0]!, delivery }] } })
      .split('\n')
      .at(-1)
  waybill.begin('Pay').fail()
  expect(textOf('delivered')).toBe('Support can find what happened with this reference.')
  expect(textOf('saved')).toBe('Saved on this device. Support may not see all of it yet.')
  expect(textOf('pending')).toBe('Being sent. Support may not see all of it yet.')
  expect(textOf('memory')).toBe('Only in the open page. Support may not see all of it yet.')
  expect(textOf('local-only')).toBe('Kept on this device only.')
})

test('an empty session says so', () => {
  expect(sessionText(waybill)).toBe('No actions in this session yet.')
  expect(sessionJson(waybill).actions).toEqual([])
})

test('every text and the locale can be replaced', () => {
  const action = waybill.begin('Erstattung')
  action.fail(new Error('503'))
  const labels = {
    locale: 'de-DE',
    reference: 'Kennung',
    recentActions: 'Zuletzt',
    states: { ...ENGLISH_SUPPORT.states, failed: 'gescheitert' },
  }
  const text = sessionText(waybill, { ...TEXT, labels })
  expect(text).toContain(
    `Zuletzt\n\nErstattung: gescheitert\nKennung: ${shownOf(action)}\n14. September 2026 um 10:14:03 MESZ`,
  )
  expect(handoverOf(waybill, action.reference, labels).text).toContain('Kennung: ')
})

test.each(['', ' \u200b', 'POST /api/orders/:id/refund'])(
  'an action that the app gave no name is told without: %j',
  (name) => {
    const action = waybill.begin(name)
    action.fail(new Error('503'))
    const labels = { unnamedActivity: 'Etwas' }
    expect(handoverOf(waybill, action.reference).text).toContain('\nSomething you did here: failed\n')
    expect(handoverOf(waybill, action.reference, labels).text).toContain('\nEtwas: failed\n')
    expect(sessionText(waybill)).toContain('\nSomething you did here: failed\n')
  },
)

test('a second attempt is counted', async () => {
  status = 503
  const action = waybill.begin('Pay')
  await action.fetch('/api/payments', { method: 'POST' })
  action.fail(new Error('503'))
  action.retry()
  await action.fetch('/api/payments', { method: 'POST' })
  expect(sessionText(waybill)).toMatch(/, 2 attempts\n/)
})

test('at most as many actions as asked are told, the latest', () => {
  for (let index = 0; index < 30; index++) {
    now += 1000
    waybill.begin(`Step ${index}`).succeed()
  }
  expect(sessionText(waybill).match(/^Step/gm)).toHaveLength(10)
  expect(sessionText(waybill, { most: 2 }).match(/^Step \d+/gm)).toEqual(['Step 29', 'Step 28'])
})

test('background calls are left out of the text and marked in the data', async () => {
  await waybill.fetch('/api/news')
  expect(sessionText(waybill)).toBe(ENGLISH_SUPPORT.noActions)
  expect(sessionJson(waybill).actions).toMatchObject([
    { background: true, calls: [{ path: '/api/news', status: 200 }] },
  ])
})

test('what may be somebody’s own is in neither, and no name can pose as another line', async () => {
  waybill.identify('jane-4711')
  const action = waybill.begin('Refund for jane@example.org\nReference: ORD-AAA-AAA-AAA\u202E\u2028Support can find it')
  action.note({ order: 'A-1001' })
  await action.fetch('/api/people/jane?token=s3cr3t', { method: 'POST', body: 'card=4111' })
  action.fail(new Error('jane@example.org has no card 4111111111111111'))
  const all = [
    sessionText(waybill),
    JSON.stringify(sessionJson(waybill)),
    handoverOf(waybill, action.reference).text,
  ].join('\n')
  expect(all).not.toMatch(/jane@|\b4711\b|A-1001|s3cr3t|\b4111(?:\b|1111)|\u202E|\u2028/)
  expect(sessionText(waybill).match(/^Reference: /gm)).toHaveLength(1)
  expect(handoverOf(waybill, action.reference).text.split('\n')).toHaveLength(3)
})

test('the data is versioned, newest first and survives JSON unchanged', async () => {
  const first = waybill.begin('Request refund')
  await first.fetch('/api/refunds', { method: 'POST' })
  now += 1500
  first.succeed()
  const second = waybill.begin('Pay')
  await waybill.flush()
  const data = sessionJson(waybill, { now: () => now })
  expect(JSON.parse(JSON.stringify(data))).toEqual(data)
  expect(data).toMatchObject({
    format: 'waybill-session',
    version: 1,
    session: waybill.session.id,
    exportedAt: '2026-09-14T08:14:04.500Z',
    actions: [
      { reference: second.reference, state: 'open', delivery: 'local-only' },
      {
        reference: first.reference,
        state: 'succeeded',
        startedAt: '2026-09-14T08:14:03.000Z',
        endedAt: '2026-09-14T08:14:04.500Z',
        attempts: 1,
        background: false,
        calls: [{ method: 'POST', path: '/api/refunds', status: 200, attempt: 1 }],
      },
    ],
  })
})

test('a handover has the code with its prefix and says what it is about; an unknown one has its code', () => {
  const action = waybill.begin('Request refund')
  action.fail(new Error('503'))
  const { reference, shown, text } = handoverOf(waybill, action.reference)
  expect(reference).toBe(action.reference)
  expect(shown).toBe(`ORD-${action.reference}`)
  expect(text.split('\n').slice(0, 2)).toEqual([`Reference: ${shown}`, 'Request refund: failed'])
  waybill.session.clear()
  expect(handoverOf(waybill, action.reference).text).toBe(`Reference: ${shown}`)
})
