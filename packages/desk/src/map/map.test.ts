import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { startDesk } from '@waybill/desk'
import type { AccessLogLine } from '@waybill/desk'
import { expect, test } from 'vitest'
import { openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { runWaybill } from '../../fixtures/waybillProcess.ts'
import { mapMermaid } from './mapMermaid.ts'
import { mapText } from './mapText.ts'
import type { PathMap } from './PathMap.ts'

const bearer = { authorization: `Bearer ${TOKEN}` }

type OpenDesk = ReturnType<typeof openDesk>

async function mapOf(desk: OpenDesk, query = ''): Promise<PathMap> {
  const response = await desk.request(`/api/map${query}`, { headers: bearer })
  expect(response.status).toBe(200)
  return (await response.json()) as PathMap
}

/** A refund without what came after it was queued. */
function lostInQueue(): Step[] {
  return refundTrail().servers.slice(0, 3)
}

function named({ places, edges, ends }: PathMap) {
  const name = (index: number): string =>
    `${places[index]?.service} ${places[index]?.hop}${places[index]?.claimed ? ' (claimed)' : ''}`
  return {
    places: places.map((_, index) => name(index)),
    edges: edges.map(({ from, to, steps, failed }) => `${name(from)} > ${name(to)}: ${steps}, ${failed} failed`),
    ends: ends.map(({ place, trails, note }) => `${trails} ${name(place)}: ${note}`),
  }
}

test('names places in the order of the way, what led to what, how often, and where references end', async () => {
  await using desk = openDesk()
  for (let count = 0; count < 3; count++) {
    const { browser, servers } = refundTrail()
    await desk.sendAsServer(
      servers.map((step) => (step.name === 'refund-dead-letter' ? { ...step, deadLetter: true } : step)),
    )
    await desk.sendAsBrowser(browser)
  }
  for (let count = 0; count < 2; count++) await desk.sendAsServer(lostInQueue())
  const map = await mapOf(desk)
  expect(map).toMatchObject({ trails: 5, more: false, claimedTrails: 0, leftOut: 0 })
  expect(named(map)).toEqual({
    places: [
      'shop-web browser',
      'shop-api api',
      'shop-api database',
      'shop-api queue',
      'refund-worker worker',
      'refund-worker tool',
      'refund-worker model',
      'refund-worker queue',
    ],
    edges: [
      'shop-web browser > shop-api api: 3, 0 failed',
      'shop-api api > shop-api database: 5, 0 failed',
      'shop-api api > shop-api queue: 5, 0 failed',
      'shop-api queue > refund-worker worker: 9, 9 failed',
      'refund-worker worker > refund-worker tool: 9, 0 failed',
      'refund-worker worker > refund-worker model: 9, 9 failed',
      'refund-worker worker > refund-worker queue: 3, 0 failed',
    ],
    ends: ['3 refund-worker queue: given up, as a dead letter', '2 shop-api queue: no worker step followed'],
  })
  expect(map.places[4]).toEqual({
    service: 'refund-worker',
    hop: 'worker',
    steps: 9,
    failed: 9,
    trails: 3,
    claimed: false,
  })
})

test('follows a worker to its queue by the job where the message carried the reference only', async () => {
  await using desk = openDesk()
  const { servers } = refundTrail()
  await desk.sendAsServer(servers.map((step) => (step.hop === 'worker' ? { ...step, parentId: undefined } : step)))
  expect(named(await mapOf(desk)).edges).toContain('shop-api queue > refund-worker worker: 3, 3 failed')
})

test('keeps what only browsers told of apart, however much it is', async () => {
  await using desk = openDesk()
  const { browser, servers } = refundTrail()
  await desk.sendAsServer(servers)
  await desk.sendAsBrowser(browser)
  for (let count = 0; count < 30; count++)
    await desk.sendAsBrowser(refundTrail().browser.map((step) => ({ ...step, service: `made-up-${count}` })))
  const map = await mapOf(desk)
  expect(map).toMatchObject({ trails: 31, claimedTrails: 30 })
  const [own, claimed] = [map.places.filter((place) => !place.claimed), map.places.filter((place) => place.claimed)]
  expect(own.map(({ service }) => service)).not.toContain('made-up-1')
  expect(own).toHaveLength(8)
  expect(claimed).toHaveLength(20)
  expect(map.leftOut).toBeGreaterThan(0)
  expect(map.edges.filter((edge) => edge.claimed).every((edge) => map.places[edge.from]?.claimed)).toBe(true)
})

test('a circle of causes and two tellings of a step do no harm', async () => {
  await using desk = openDesk()
  const reference = mintReference()
  const [one, two] = [mintSpanId(), mintSpanId()]
  const step = { reference, traceId: traceIdOf(reference), at: Date.now(), durationMs: 1, status: 'ok' } as const
  const circle: Step[] = [
    { ...step, id: one, parentId: two, hop: 'api', service: 'a', name: 'x' },
    { ...step, id: two, parentId: one, hop: 'tool', service: 'b', name: 'x' },
  ]
  await desk.sendAsServer([...circle, ...circle])
  expect(named(await mapOf(desk)).edges).toEqual(['a api > b tool: 1, 0 failed', 'b tool > a api: 1, 0 failed'])
})

test('takes the newest trails only, those of the span that was asked for, and says when there are more', async () => {
  let now = Date.now()
  await using desk = openDesk({ now: () => now })
  await desk.sendAsServer(lostInQueue())
  now += 3 * 3_600_000
  await desk.sendAsServer(lostInQueue())
  expect(await mapOf(desk, '?since=1h')).toMatchObject({ trails: 1 })
  expect(await mapOf(desk, '?since=1d')).toMatchObject({ trails: 2 })
  const many = Array.from({ length: 500 }, () => lostInQueue()[0]!)
  for (let sent = 0; sent < 500; sent += 100) await desk.sendAsServer(many.slice(sent, sent + 100))
  expect(await mapOf(desk)).toMatchObject({ trails: 500, more: true })
})

test('is for readers only, not too often, and on record; it shows nothing of a trail but counts', async () => {
  const entries: AccessLogLine[] = []
  await using desk = openDesk({ log: (entry) => entries.push(entry), limits: { lookUpsPerMinute: 2 } })
  await desk.sendAsServer(lostInQueue().map((step) => ({ ...step, facts: { mail: 'jane@example.com' } })))
  expect((await desk.request('/api/map')).status).toBe(401)
  const answer = await (await desk.request('/api/map', { headers: bearer })).text()
  expect(answer).not.toMatch(/jane|C-2041|job-58/)
  expect((await desk.request('/api/map?since=ever', { headers: bearer })).status).toBe(400)
  expect((await desk.request('/api/map', { headers: bearer })).status).toBe(429)
  expect(entries).toMatchObject([
    { event: 'refused', kind: 'no-token' },
    { event: 'look-up', who: 'environment', via: 'token', kind: 'map', matches: 1 },
    { event: 'refused', who: 'environment', kind: 'too-often' },
  ])
})

const EVIL = 'a"] --> end; click p0 "javascript:alert(1)"\n<b>`#35;` \u001b[31m\u202e&'

test('as text it is 80 columns wide and as Mermaid quoted, whatever services are called', async () => {
  await using desk = openDesk()
  const services = [EVIL, 'end', 'x'.repeat(190), 'refund-worker']
  for (const service of services) await desk.sendAsServer(refundTrail().servers.map((step) => ({ ...step, service })))
  const map = await mapOf(desk)
  const text = mapText(map)
  expect(text.split('\n').filter((line) => [...line].length > 80)).toEqual([])
  // oxlint-disable-next-line no-control-regex -- what a terminal obeys
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  expect(text).toContain('Where references end')
  const mermaid = mapMermaid(map).split('\n')
  const LINE =
    /^ {2}(?:p\d+\["[^"<>`\\&]+"\]|e\d+\(\["[^"<>`\\&]+"\]\)|p\d+ (?:-->|-\.->)\|"[^"]+"\| p\d+|p\d+ -\.- e\d+)$/
  expect(mermaid[0]).toBe('flowchart LR')
  expect(mermaid.slice(1).filter((line) => !LINE.test(line))).toEqual([])
  expect(mermaid.join()).toContain('"end (api)"')
})

const waybill = (args: readonly string[], token = TOKEN) =>
  runWaybill(['map', ...args], { env: { WAYBILL_DESK_TOKEN: token } })

test('waybill map prints it as text, Mermaid and JSON, and says why there is none', async () => {
  const desk = await startDesk({ database: ':memory:', readToken: TOKEN, ingestKeys: [SERVER_KEY], port: 0 })
  const empty = await waybill(['--desk', desk.url])
  expect(empty).toMatchObject({ code: 0, out: expect.stringMatching(/^No trail since \d{4}-/) })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
  await fetch(`${desk.url}/v1/traces`, {
    method: 'POST',
    headers,
    body: JSON.stringify(encodeOtlp(refundTrail().servers)),
  })
  const [text, mermaid, json, refused, away, wrong, none] = await Promise.all([
    waybill(['--desk', `${desk.url}/`, '--since', '24h']),
    waybill(['--desk', desk.url, '--format', 'mermaid']),
    waybill(['--desk', desk.url, '--format', 'json']),
    waybill(['--desk', desk.url], 'wrong'),
    waybill(['--desk', 'http://127.0.0.1:1']),
    waybill(['--desk', desk.url, '--since', 'ever']),
    waybill(['--desk', desk.url], ''),
  ])
  await desk.stop()
  expect(text.out).toContain('refund-worker (worker)')
  expect(mermaid.out).toMatch(/^flowchart LR\n {2}p0\["shop-api \(api\)"\]/)
  expect(JSON.parse(json.out)).toMatchObject({ trails: 1, places: { length: 7 } })
  expect(refused).toMatchObject({
    code: 1,
    errors: expect.stringContaining('does not know the token in $WAYBILL_DESK_TOKEN'),
  })
  expect(away).toMatchObject({ code: 1, errors: expect.stringContaining('no answer from http://127.0.0.1:1') })
  expect(wrong).toMatchObject({ code: 2, errors: expect.stringContaining('24h or 7d') })
  expect(none).toMatchObject({ code: 2, errors: expect.stringContaining('$WAYBILL_DESK_TOKEN is not set') })
})
