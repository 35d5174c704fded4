import { mintReference } from '@waybill/reference'
import { decodeOtlp } from '@waybill/trail'
import { expect, test } from 'vitest'
import { stepOf } from '../../fixtures/stepOf.ts'
import { openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import type { ExportedTrail } from './exportTrail.ts'

type Desk = ReturnType<typeof openDesk>

const PERSON = 'customer-4711@example.com'

test('a person is exported with all that is about them, as the desk keeps it and in words', async () => {
  await using desk = openDesk()
  const [one, two, other] = [refundTrail({ person: PERSON }), refundTrail({ person: PERSON }), refundTrail()]
  for (const { browser, servers } of [one, two, other]) {
    await desk.sendAsServer(servers)
    await desk.sendAsBrowser(browser)
  }
  const { trails } = await exported(desk, { person: PERSON.toUpperCase() })
  expect(trails.map(({ reference }) => reference).toSorted()).toEqual([one.reference, two.reference].toSorted())
  const trail = trails.find(({ reference }) => reference === one.reference)!
  expect(trail.summary[0]).toBe(`${one.reference}  Request refund  failed at model`)
  expect(trail.summary.filter((line) => line.includes('refund-worker'))).not.toEqual([])
  const { steps, rejected } = decodeOtlp(trail.otlp)
  expect(rejected).toBe(0)
  expect(steps.map(({ id }) => id).toSorted()).toEqual([...one.servers, ...one.browser].map(({ id }) => id).toSorted())
  expect(JSON.stringify(trails)).not.toContain(PERSON)
})

test('a person’s export holds nothing of others in the same trail, and nothing that only a stranger says is theirs', async () => {
  await using desk = openDesk()
  const run = stepOf({ hop: 'schedule' })
  const item = (person: string, order: string) =>
    stepOf({ reference: run.reference, parentId: run.id, person, facts: { order } })
  await desk.sendAsServer([run, item(PERSON, 'OWN-1'), item('someone-else', 'OTHERS-2')])
  const theirs = stepOf({ facts: { order: 'OTHERS-3' } })
  await desk.sendAsServer([theirs])
  const { reference } = theirs
  await desk.sendAsBrowser([stepOf({ reference, hop: 'browser', person: PERSON, name: 'mine, says the browser' })])
  const text = JSON.stringify((await exported(desk, { person: PERSON })).trails)
  expect(text).toContain('OWN-1')
  expect(text).toContain('mine, says the browser')
  expect(text).not.toContain('OTHERS-')
})

test('one trail is exported by its reference, by GET or POST, and each export is recorded', async () => {
  const log: unknown[] = []
  await using desk = openDesk({ log: (line) => line.event !== 'token-create' && log.push(line) })
  const { servers, reference } = refundTrail({ person: PERSON })
  await desk.sendAsServer(servers)
  const headers = { authorization: `Bearer ${await desk.tokenFor('admin')}` }
  const response = await desk.request(`/api/export/${reference.toLowerCase()}`, { headers })
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="waybill-${reference}.json"`)
  const got = (await response.json()) as Exported
  expect(Date.parse(got.exportedAt)).toBeGreaterThan(0)
  const { trails } = await exported(desk, { reference })
  expect(trails).toEqual(got.trails)
  expect(trails[0]?.otlp).toBeDefined()
  expect((await desk.request(`/api/export/${mintReference()}`, { headers })).status).toBe(404)
  expect((await desk.request('/api/export/x', { headers })).status).toBe(404)
  expect(log).toMatchObject([
    { event: 'export', kind: 'reference', matches: 1 },
    { event: 'export', kind: 'reference', matches: 1 },
    { event: 'export', kind: null, matches: 0 },
  ])
})

test('a person is erased by id, or by the hash that the desk shows, and what was typed is logged nowhere', async () => {
  const log: unknown[] = []
  await using desk = openDesk({ log: (line) => line.event !== 'token-create' && log.push(line) })
  const [one, two] = [refundTrail({ person: PERSON }), refundTrail({ person: 'C-8' })]
  await desk.sendAsServer([...one.servers, ...two.servers])
  expect(await post(desk, '/api/erase', { person: PERSON, dryRun: true })).toMatchObject({ status: 200 })
  const { matches } = await desk.lookUp('C-8')
  expect(await erased(desk, { person: PERSON })).toEqual({ trails: 1, stripped: 0, cleared: true, dryRun: false })
  expect(await erased(desk, { person: matches[0]?.person })).toMatchObject({ trails: 1, stripped: 0 })
  expect((await desk.lookUp(one.reference)).matches).toEqual([])
  expect((await desk.lookUp('C-8')).matches).toEqual([])
  expect(log.map((line) => Object(line).event).slice(0, 3)).toEqual(['look-up', 'look-up', 'erase'])
  expect(JSON.stringify(log)).not.toMatch(/\b4711\b/)
})

test.each([
  ['nobody', {}],
  ['both', { person: 'x', reference: 'RF7-K29-QXR' }],
  ['an empty id', { person: '  ' }],
  ['no text', { person: 7 }],
  ['a wrong code', { reference: 'RF7-K29-QXC' }],
  ['a dry run that is no yes or no', { person: 'x', dryRun: 'no' }],
  ['a list', [{ person: 'x' }]],
  ['a prototype', JSON.parse('{"__proto__":{"person":"x"}}')],
])('%s is nobody to be erased or exported', async (_, body) => {
  await using desk = openDesk()
  for (const path of ['/api/erase', '/api/export']) {
    const response = await post(desk, path, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ title: 'This does not say whom it is about.' })
  }
})

test('without a token for it, and from a form of another page, nothing is erased or exported', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail({ person: PERSON })
  await desk.sendAsServer(servers)
  const body = JSON.stringify({ person: PERSON })
  const json = { 'content-type': 'application/json' }
  for (const path of ['/api/erase', '/api/export']) {
    const statuses = [
      json,
      { ...json, authorization: `Bearer ${SERVER_KEY}` },
      { ...json, authorization: `Bearer ${TOKEN}` },
    ].map(async (headers) => (await desk.request(path, { method: 'POST', headers, body })).status)
    expect(await Promise.all(statuses)).toEqual([401, 403, 403])
    const headers = { authorization: `Bearer ${await desk.tokenFor('admin')}`, 'content-type': 'text/plain' }
    expect((await desk.request(path, { method: 'POST', headers, body })).status).toBe(415)
  }
  expect((await desk.request(`/api/export/${reference}`)).status).toBe(401)
  expect((await desk.lookUp(reference)).matches).toHaveLength(1)
})

interface Exported {
  readonly exportedAt: string
  readonly trails: readonly ExportedTrail[]
}

async function post(desk: Desk, path: string, body: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${await desk.tokenFor('admin')}`, 'content-type': 'application/json' }
  return await desk.request(path, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function exported(desk: Desk, whom: object): Promise<Exported> {
  const response = await post(desk, '/api/export', whom)
  expect(response.status).toBe(200)
  return (await response.json()) as Exported
}

async function erased(desk: Desk, whom: object): Promise<unknown> {
  return (await post(desk, '/api/erase', whom)).json()
}
