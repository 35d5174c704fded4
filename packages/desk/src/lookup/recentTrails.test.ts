import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import type { RecentTrailsAnswer } from './recentTrails.ts'

type Desk = ReturnType<typeof openDesk>
const headers = { authorization: `Bearer ${TOKEN}` }
const MINUTE_MS = 60_000

async function recent(desk: Desk, query = ''): Promise<RecentTrailsAnswer> {
  const response = await desk.request(`/api/recent${query}`, { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as RecentTrailsAnswer
}

function served(fields: Partial<Step> = {}): Step {
  const reference = mintReference()
  const base = { id: mintSpanId(), reference, traceId: traceIdOf(reference), at: Date.now(), durationMs: 20 }
  return { ...base, hop: 'api', service: 'shop-api', name: 'POST /api/orders', status: 'ok', ...fields }
}

describe('GET /api/recent', () => {
  test('gives what happened since then, newest first, and only failures when asked for those', async () => {
    await using desk = openDesk()
    const good = served()
    const old = served({ at: Date.now() - 30 * MINUTE_MS })
    const refund = refundTrail()
    await desk.sendAsServer([good])
    await desk.sendAsServer([old])
    await desk.sendAsServer(refund.servers)
    expect((await recent(desk, '?since=1h')).trails.map(({ reference }) => reference)).toEqual([
      refund.reference,
      old.reference,
      good.reference,
    ])
    const late = await recent(desk, '?since=10m')
    expect(late.trails.map(({ reference }) => reference)).toEqual([refund.reference, good.reference])
    const failed = await recent(desk, '?since=10m&failed=1')
    expect(failed).toMatchObject({
      more: false,
      trails: [{ reference: refund.reference, outcome: { state: 'failed' } }],
    })
    expect(failed.trails[0]).not.toHaveProperty('steps')
  })

  test('puts servers’ trails before any number that a browser made up, and no more than 100 in all', async () => {
    await using desk = openDesk()
    const { servers, reference } = refundTrail()
    await desk.sendAsServer(servers)
    for (let body = 0; body < 12; body++) {
      const claims = Array.from({ length: 50 }, () =>
        served({ hop: 'browser', status: 'error', error: { type: 'timeout' }, action: 'failed' }),
      )
      expect((await desk.sendAsBrowser(claims)).status).toBe(200)
    }
    const { trails, more } = await recent(desk, '?failed=1')
    expect([trails[0]?.reference, trails.length, more]).toEqual([reference, 100, true])
  })

  test('is for readers, and refuses what is no span of time', async () => {
    await using desk = openDesk()
    expect((await desk.request('/api/recent')).status).toBe(401)
    expect((await desk.request('/api/recent?since=soon', { headers })).status).toBe(400)
  })
})
