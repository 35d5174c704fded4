import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { mintReference } from '@waybill/reference'
import { startDesk } from '@waybill/desk'
import type { Match, TrailSummary } from '@waybill/desk'
import { encodeOtlp } from '@waybill/trail'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { refundTrail } from '../../fixtures/refundTrail.ts'

// Every test starts processes, which take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url))
const READ_TOKEN = 'a-token-for-reading-trails'
const { servers, reference } = refundTrail()
let desk: Awaited<ReturnType<typeof startDesk>>

beforeAll(async () => {
  const ingestKeys = ['a-key-for-servers-only']
  desk = await startDesk({ databaseFile: ':memory:', readToken: READ_TOKEN, ingestKeys, port: 0 })
  const headers = { authorization: `Bearer ${ingestKeys[0]}`, 'content-type': 'application/json' }
  const body = JSON.stringify(encodeOtlp(servers))
  expect((await fetch(`${desk.url}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200)
})
afterAll(() => desk.stop())

interface Ran {
  readonly code: number
  readonly out: string
  readonly errors: string
}

function waybill(args: readonly string[], { token = READ_TOKEN, url = desk.url, input = '' } = {}): Promise<Ran> {
  const env = { PATH: process.env['PATH'], ...(token && { WAYBILL_DESK_TOKEN: token }) }
  return new Promise((resolve) => {
    const all = ['--conditions=waybill-source', CLI, ...args, '--desk', url]
    const child = execFile(process.execPath, all, { env }, (error, out, errors) =>
      resolve({ code: error ? Number(error.code) : 0, out, errors }),
    )
    child.stdin?.end(input)
  })
}

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
  const [unknown, empty, noToken, wrongToken, away, noAddress] = await Promise.all([
    waybill(['find', mintReference()]),
    waybill(['find', '?!']),
    waybill(['find', 'x'], { token: '' }),
    waybill(['find', 'x'], { token: 'another-token-that-is-wrong' }),
    waybill(['find', 'x'], { url: 'http://127.0.0.1:9' }),
    waybill(['find', 'x'], { url: 'desk' }),
  ])
  expect([unknown.code, unknown.out, unknown.errors]).toEqual([
    1,
    '',
    expect.stringContaining('Nothing is known by it'),
  ])
  expect([empty.code, empty.errors]).toEqual([1, expect.stringContaining('no reference in it')])
  expect([noToken.code, noToken.errors]).toEqual([2, expect.stringContaining('$WAYBILL_DESK_TOKEN is not set')])
  expect([wrongToken.code, wrongToken.errors]).toEqual([2, expect.stringContaining('does not know the token')])
  expect(wrongToken.errors).not.toContain('another-token')
  expect([away.code, away.errors]).toEqual([2, expect.stringContaining('no answer from http://127.0.0.1:9')])
  expect([noAddress.code, noAddress.errors]).toEqual([2, expect.stringContaining('no address of a desk')])
})

test('tail prints a line for each recent trail, as text and as JSON', async () => {
  const [text, json, refused] = await Promise.all([
    waybill(['tail', '--once']),
    waybill(['tail', '--once', '--failed', '--json', '--since', '1h']),
    waybill(['tail', '--once'], { token: 'another-token-that-is-wrong' }),
  ])
  expect([text.code, json.code, refused.code]).toEqual([0, 0, 1])
  expect(text.out).toMatch(new RegExp(String.raw`^\d\d:\d\d:\d\d {2}${reference} {2}failed .+\n$`))
  expect(JSON.parse(json.out) as TrailSummary).toMatchObject({ reference, outcome: { state: 'failed' } })
})
