import { mintReference } from '@waybill/reference'
import { startDesk, tempoSpans } from '@waybill/desk'
import type { Match, TrailSummary } from '@waybill/desk'
import { encodeOtlp } from '@waybill/trail'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startTempo } from '../../fixtures/startTempo.ts'
import { runWaybill } from '../../fixtures/waybillProcess.ts'

const READ_TOKEN = 'a-token-for-reading-trails'
const { servers, reference } = refundTrail()
let desk: Awaited<ReturnType<typeof startDesk>>

beforeAll(async () => {
  const ingestKeys = ['a-key-for-servers-only']
  desk = await startDesk({ database: ':memory:', readToken: READ_TOKEN, ingestKeys, port: 0 })
  const headers = { authorization: `Bearer ${ingestKeys[0]}`, 'content-type': 'application/json' }
  const body = JSON.stringify(encodeOtlp(servers))
  expect((await fetch(`${desk.url}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200)
})
afterAll(() => desk.stop())

const waybill = (args: readonly string[], { token = READ_TOKEN, url = desk.url, input = '' } = {}) =>
  runWaybill([...args, '--desk', url], { input, ...(token && { env: { WAYBILL_DESK_TOKEN: token } }) })

test('find prints the trail for a person and for a program, from an argument or from standard input', async () => {
  const [person, program, piped] = await Promise.all([
    waybill(['find', 'order', 'A-1001']),
    waybill(['find', reference, '--json']),
    waybill(['find', '-'], { input: `Hello,\nI was given ${reference}.\n` }),
  ])
  expect([person.code, program.code, piped.code]).toEqual([0, 0, 0])
  expect(person.out).toContain(`${reference}  `)
  expect(person.out).toContain('What to do')
  expect(piped.out).toContain(`${reference}  `)
  const match = JSON.parse(program.out) as Match
  expect([match.reference, match.steps.length]).toEqual([reference, servers.length])
})

test('find ends with 1 when nothing is known, and with 2 when there is no answer', async () => {
  const [unknown, noToken] = await Promise.all([
    waybill(['find', mintReference()]),
    waybill(['find', 'x'], { token: '' }),
  ])
  expect([unknown.code, unknown.out]).toEqual([1, ''])
  expect(unknown.errors).toContain('Nothing is known by it')
  expect([noToken.code, noToken.errors]).toEqual([2, expect.stringContaining('$WAYBILL_DESK_TOKEN is not set')])
})

test('find tells what could not be searched, and ends with 3 where that may be why nothing was found', async () => {
  const tempo = await startTempo([], { behaves: 500 })
  const cut = await startDesk({
    database: ':memory:',
    readToken: READ_TOKEN,
    ingestKeys: ['a-key-for-servers-only'],
    port: 0,
    spans: [tempoSpans({ url: tempo.url })],
  })
  const [text, json] = await Promise.all(
    [
      ['find', mintReference()],
      ['find', mintReference(), '--json'],
    ].map((args) => waybill(args, { url: cut.url })),
  )
  await Promise.all([cut.stop(), tempo.close()])
  expect([text!.code, json!.code, json!.out]).toEqual([3, 3, ''])
  expect(text!.errors).toMatch(/Incomplete: Tempo could not be reached\. .+ was not searched there\./)
  expect(text!.errors).toContain('was not found in what could be searched')
  expect(json!.errors).toContain('Incomplete: Tempo')
})

test('tail prints a line for each recent trail, as text and as JSON', async () => {
  const [text, json] = await Promise.all([
    waybill(['tail', '--once']),
    waybill(['tail', '--once', '--failed', '--json', '--since', '1h']),
  ])
  expect([text.code, json.code]).toEqual([0, 0])
  expect(text.out).toMatch(new RegExp(String.raw`^\d\d:\d\d:\d\d {2}${reference} {2}failed .+\n$`))
  expect(JSON.parse(json.out) as TrailSummary).toMatchObject({ reference, outcome: { state: 'failed' } })
})
