import { describe, expect, test } from 'vitest'
import { createReadiness } from './createReadiness.ts'
import { openDesk, SERVER_KEY } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

type Desk = ReturnType<typeof openDesk>

async function scrape(desk: Desk): Promise<string> {
  const headers = { authorization: `Bearer ${await desk.tokenFor('metrics')}` }
  const response = await desk.request('/metrics', { headers })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return await response.text()
}

/** The value of one series, by its name and labels as they are printed; undefined where there is none. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length))
}

describe('health', () => {
  test('both answers are for anybody; a desk that stops is not ready, and still answers', async () => {
    await using desk = openDesk()
    expect(await (await desk.request('/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await desk.request('/readyz')).json()).toEqual({ status: 'ready' })
    desk.drain()
    const late = await desk.request('/readyz')
    expect([late.status, late.headers.get('content-type')]).toEqual([503, 'application/problem+json'])
    expect((await desk.request('/healthz')).status).toBe(200)
    expect((await desk.sendAsServer(refundTrail().servers)).status).toBe(200)
  })

  test('a store that fails makes it not ready, is told of once, and is ready again when it works', async () => {
    const errors: unknown[] = []
    let [works, asked, at] = [true, 0, 0]
    const store = {
      async check() {
        asked++
        if (!works) throw new Error('database or disk is full')
      },
    }
    const readiness = createReadiness({ store, onError: (error) => errors.push(error), elapsed: () => at })
    const stateAfter = (ms: number) => {
      at += ms
      return readiness.state()
    }
    expect(await Promise.all([stateAfter(0), stateAfter(500)])).toEqual(['ready', 'ready'])
    expect(asked).toBe(1)
    works = false
    expect(await stateAfter(499)).toBe('ready')
    expect([await stateAfter(1), await stateAfter(1000)]).toEqual(['store-failed', 'store-failed'])
    works = true
    expect(await stateAfter(1000)).toBe('ready')
    expect([asked, errors.length]).toEqual([4, 1])
  })
})

describe('GET /metrics', () => {
  test('is for those who may', async () => {
    await using desk = openDesk()
    expect((await desk.request('/metrics')).status).toBe(401)
  })

  test('counts steps, bodies, look-ups, refusals and how full the store is', async () => {
    await using desk = openDesk()
    const { servers, browser, reference } = refundTrail()
    await desk.sendAsServer(servers)
    await desk.sendAsBrowser(browser)
    await desk.sendAsServer([{ ...servers[0]!, id: '00000000000000ff', at: Date.now() + 5 * 86_400_000 }])
    await desk.sendAsServer(servers, 'wrong-key')
    const json = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
    await desk.request('/v1/traces', { method: 'POST', headers: json, body: '{' })
    await desk.lookUp(reference)
    await desk.lookUp('nothing of ours')
    await desk.request('/nowhere/<script>')
    const text = await scrape(desk)
    const read = (series: string) => valueOf(text, `waybill_desk_${series}`)
    const server = 'signal="traces",sender="server"'
    const page = 'signal="traces",sender="browser"'
    expect({
      kept: read(`steps_total{${server},outcome="kept"}`),
      rejected: read(`steps_total{${server},outcome="rejected"}`),
      claimed: read(`steps_total{${page},outcome="kept"}`),
      taken: read(`bodies_total{${server},outcome="taken"}`),
      partial: read(`bodies_total{${server},outcome="partial"}`),
      unreadable: read(`bodies_total{${server},outcome="unreadable"}`),
      hits: read('look_ups_total{kind="trail",outcome="hit"}'),
      misses: read('look_ups_total{kind="trail",outcome="miss"}'),
      timed: read('look_up_duration_seconds_count{kind="trail"}'),
      refused: read('refusals_total{route="traces",reason="unauthenticated"}'),
      strange: read('http_requests_total{route="other",status="404"}'),
      trails: read('trails'),
      underWay: read('bodies_under_way'),
      timedBodies: read(`body_duration_seconds_count{${server}}`),
    }).toEqual({
      kept: servers.length,
      rejected: 1,
      claimed: browser.length,
      taken: 1,
      partial: 1,
      unreadable: 1,
      hits: 1,
      misses: 1,
      timed: 2,
      refused: 1,
      strange: 1,
      trails: 1,
      underWay: 0,
      timedBodies: 3,
    })
    expect(read('store_bytes')).toBeGreaterThan(4096)
    expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeDefined()
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
  })

  test('no series is named by what somebody sent, and two desks count apart', async () => {
    await using desk = openDesk()
    await using other = openDesk()
    for (let index = 0; index < 50; index++) await desk.request(`/made-up-${index}/x?key=made-up`)
    const text = await scrape(desk)
    expect(text).not.toContain('made-up')
    expect(valueOf(text, 'waybill_desk_http_requests_total{route="other",status="404"}')).toBe(50)
    expect(await scrape(other)).not.toContain('route="other"')
  })

  test('every own name has a unit or says that it is a total, and every metric a help text', async () => {
    await using desk = openDesk()
    const lines = (await scrape(desk)).split('\n')
    const types = lines.filter((line) => line.startsWith('# TYPE waybill_desk_')).map((line) => line.split(' '))
    expect(types.length).toBeGreaterThan(10)
    for (const [, , name, type] of types) {
      expect(lines.some((line) => line.startsWith(`# HELP ${name} `))).toBe(true)
      if (type === 'counter') expect(name).toMatch(/_total$/)
      if (type === 'histogram') expect(name).toMatch(/_seconds$/)
    }
  })
})
