import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import * as Sentry from '@sentry/node'
import express from 'express'
import { createWaybill } from '@waybill/server'
import { waybillMiddleware } from '@waybill/server/express'
import { waybillIntegration } from '@waybill/server/sentry'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen } from '../fixtures/listen.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'
import { startIntake } from '../fixtures/startIntake.ts'
import type { Intake, SentryPayload } from '../fixtures/startIntake.ts'

const deskUrl = 'https://desk.shop.example'
let steps: Step[] = []
const faults: unknown[] = []
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
let intake: Intake
let before: number

beforeAll(async () => {
  intake = await startIntake()
  Sentry.init({
    dsn: intake.dsn,
    integrations: (usual) => [
      ...usual.filter(({ name }) => name !== 'Dedupe'),
      waybillIntegration(waybill, { deskUrl }),
    ],
    // The intake is served in this process, too.
    tracesSampler: ({ name }) => (name.includes('/envelope') ? 0 : 1),
    dataCollection: {
      httpBodies: [],
      cookies: false,
      httpHeaders: false,
      userInfo: false,
      databaseQueryData: false,
      stackFrameVariables: false,
      genAI: { inputs: false, outputs: false },
    },
    // What it has no room for it drops.
    transportOptions: { bufferSize: 1000 },
  })
})
afterAll(async () => {
  await Sentry.close(2000)
  await intake.stop()
  expect(faults).toEqual([])
})
beforeEach(() => {
  steps = []
  before = intake.items.length
})

async function payloads(type: string): Promise<readonly SentryPayload[]> {
  await Sentry.flush(10_000)
  return intake.items.slice(before).flatMap((item) => (item.type === type ? [item.payload] : []))
}

const tagOf = (event: SentryPayload): string | undefined => event.tags?.['trace_reference']

test('an exception, a message and a made event have the reference as a tag and its trail in a context', async () => {
  const context = waybill.mint()
  const { reference, traceId } = context
  await waybill.resume(context, () =>
    waybill.run({ hop: 'worker', name: 'refunds' }, async () => {
      Sentry.captureMessage('a message')
      await sleep(1)
      Sentry.captureException(new RangeError('an exception'))
      setTimeout(() => Sentry.captureException(new RangeError('later'), { tags: { order: 'A-1001' } }))
      Sentry.withScope((scope) => {
        scope.setTag('scope', 'own')
        Sentry.captureEvent({ message: 'made', contexts: { own: { a: 1 } } })
      })
      await sleep(5)
    }),
  )
  const events = await payloads('event')
  expect(events).toHaveLength(4)
  const trail = { trace_reference: reference, trace_id: traceId, trail_url: `${deskUrl}/trail/${reference}` }
  for (const event of events) {
    expect(tagOf(event)).toBe(reference)
    expect(event.contexts?.['waybill']).toEqual(trail)
    expect(event.contexts?.['trace']?.['trace_id']).not.toBe(traceId)
  }
  expect(events.find(({ message }) => message === 'made')).toMatchObject({
    tags: { scope: 'own' },
    contexts: { own: { a: 1 } },
  })
  expect(events.find(({ tags }) => tags?.['order'])).toBeDefined()
})

test('outside of a context there is no tag, also on an event that is sent again, and what the application tagged stays', async () => {
  const again: Sentry.Event = { message: 'again' }
  const context = waybill.mint()
  await waybill.resume(context, async () => Sentry.captureEvent(again))
  Sentry.captureEvent(again)
  Sentry.captureException(new Error('outside'))
  Sentry.captureMessage('tagged', { tags: { trace_reference: 'by hand' } })
  const events = await payloads('event')
  const told = new Set(events.map((event) => `${event.message ?? 'an exception'}: ${tagOf(event)}`))
  const { reference } = context
  expect(events).toHaveLength(4)
  // A request each, of which any may arrive first.
  expect(told).toEqual(
    new Set([`again: ${reference}`, 'again: undefined', 'an exception: undefined', 'tagged: by hand']),
  )
  expect(events.filter((event) => event.contexts?.['waybill']).map(tagOf)).toEqual([reference])
})

test('the same failure of two customers in a row is an event for each', async () => {
  const contexts = [waybill.mint(), waybill.mint()]
  for (const context of contexts) waybill.resume(context, () => Sentry.captureException(new Error('no stock')))
  const told = (await payloads('event')).map(tagOf)
  expect(told).toHaveLength(2)
  // As above.
  expect(new Set(told)).toEqual(new Set(contexts.map(({ reference }) => reference)))
})

test('a transaction stays as it is: it is captured when others’ work may be going on', async () => {
  await waybill.resume(waybill.mint(), async () =>
    Sentry.captureEvent({ type: 'transaction', transaction: 'GET /', start_timestamp: 1, timestamp: 2 }),
  )
  expect((await payloads('transaction')).map(tagOf)).toEqual([undefined])
})

test('takes no part of the event away, however large it is', async () => {
  const zipped = intake.encodings.length
  waybill.resume(waybill.mint(), () =>
    Sentry.captureException(new Error('large'), { extra: { large: 'x'.repeat(60_000) } }),
  )
  const [event] = await payloads('event')
  expect(tagOf(event!)).toBeDefined()
  expect(intake.encodings.slice(zipped)).toContain('gzip')
})

test('a log record of Sentry’s logger has it as an attribute', async () => {
  const context = waybill.mint()
  waybill.resume(context, () => Sentry.logger.info('inside', { order: 'A-1001' }))
  Sentry.logger.info('outside')
  const records = (await payloads('log')).flatMap(({ items }) => items ?? [])
  const told = records.map(({ body, attributes }) => [body, attributes['trace_reference']?.value])
  expect(told).toEqual([
    ['inside', context.reference],
    ['outside', undefined],
  ])
  expect(records[0]?.attributes['order']?.value).toBe('A-1001')
})

test('of 100 requests at once on kept connections, none has another one’s, in handlers and in what they left behind', async () => {
  const app = express()
  app.use(waybillMiddleware(waybill))
  app.get('/fails/:id', async () => {
    await sleep(Math.random() * 10)
    const { reference } = waybill.current()!
    setTimeout(() => Sentry.captureMessage(`left ${reference}`), Math.random() * 20)
    throw new Error(`thrown ${reference} ${PRIVATE.prompt}`)
  })
  Sentry.setupExpressErrorHandler(app)
  app.use((_error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    response.status(500).end()
  })
  const { origin, stop } = await listen(createServer(app))
  const agent = new Agent({ keepAlive: true, maxSockets: 10 })
  const headers = { cookie: `session=${PRIVATE.prompt}`, 'x-customer': PRIVATE.prompt }
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const [response] = await once(request(`${origin}/fails/${i}`, { agent, headers }).end(), 'response')
      response.resume()
      await once(response, 'end')
    }),
  )
  await sleep(30)
  const events = await payloads('event')
  const said = (event: SentryPayload): string => event.message ?? event.exception?.values[0]?.value ?? ''
  expect(events).toHaveLength(200)
  expect(events.filter((event) => said(event).split(' ')[1] !== tagOf(event))).toEqual([])
  expect(JSON.stringify(steps)).not.toMatch(PRIVATE_PARTS)
  // With what the page tells to set, what an application does not put into an event itself is in none.
  expect(events.filter((event) => /session=|customer|"vars"/.test(JSON.stringify(event)))).toEqual([])
  agent.destroy()
  await stop()
})

test('rejections that nobody handles, and the crash of a process, have the reference under which they happened', async () => {
  const program = fileURLToPath(new URL('../fixtures/unhandledErrors.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=waybill-source', program], {
    env: { ...process.env, DSN: intake.dsn },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let printed = ''
  child.stderr.on('data', (chunk) => (printed += chunk))
  const [code] = await once(child, 'exit')
  expect(code, printed).toBe(1)
  const events = await payloads('event')
  const told = events.map((event) => [event.exception?.values[0]?.value, tagOf(event)])
  expect(told).toHaveLength(22)
  expect(told.filter(([said, tag]) => said !== (tag ?? 'outside'))).toEqual([])
  expect(told.filter(([, tag]) => tag === undefined)).toHaveLength(1)
})
