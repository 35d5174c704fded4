import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import express from 'express'
import { fastify } from 'fastify'
import { parseReference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { waybillMixin } from '@waybill/server/pino'
import type { Step } from '@waybill/trail'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../../browser/fixtures/seededRandom.ts'
import { hostileHeaders, MARK } from '../../fixtures/hostileHeaders.ts'
import { expressShop } from '../../fixtures/shops/expressShop.ts'
import { fastifyShop } from '../../fixtures/shops/fastifyShop.ts'
import { honoShop } from '../../fixtures/shops/honoShop.ts'
import { koaShop } from '../../fixtures/shops/koaShop.ts'
import { nodeShop } from '../../fixtures/shops/nodeShop.ts'
import { createMoments } from '../../fixtures/shops/Shop.ts'
import { startDesk } from '../../fixtures/startDesk.ts'
import type { CollectingDesk } from '../../fixtures/startDesk.ts'

let desk: CollectingDesk
let log = ''
const sink = new Writable({
  write(chunk: Buffer, _, done) {
    log += chunk.toString('latin1')
    done()
  },
})

beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.stop())

function createLogged() {
  const steps: Step[] = []
  const waybill = createWaybill({ service: 'shop-api', deliverTo: desk.url, onStep: (step) => void steps.push(step) })
  const logger = pino({ mixin: waybillMixin(waybill) }, sink)
  return { waybill, steps, logger }
}

/** Nothing of a stranger's, and a reference of the one form on each. */
function expectClean(steps: readonly Step[]): void {
  expect(steps.filter((step) => JSON.stringify(step).includes(MARK))).toEqual([])
  expect(steps.filter(({ reference }) => !parseReference(reference).ok)).toEqual([])
  const lines = log.trim().split('\n')
  expect(lines.filter((line) => line.includes(MARK))).toEqual([])
  expect(lines.filter((line) => !parseReference(JSON.parse(line).reference).ok)).toEqual([])
  expect(JSON.stringify(desk.resourceSpans)).not.toContain(MARK)
  log = ''
}

test('of 9 000 hostile carriers none is believed, logged, recorded, sent on or answered with', async () => {
  const { waybill, steps, logger } = createLogged()
  const random = seededRandom(14)
  const handler = waybill.handle(() => {
    logger.info('served')
    return Response.json(waybill.inject({}))
  })
  let requests = 0
  for (let i = 0; i < 9000; i++) {
    const { lines, claimed } = hostileHeaders(random)
    const headers = headersOf(lines)
    if (headers) {
      requests++
      const response = await handler(new Request(`https://shop.example/api/orders/${MARK}-${i}`, { headers }))
      const answered = `${JSON.stringify([...response.headers])} ${await response.text()}`
      expect(answered).not.toContain(MARK)
      expect(parseReference(response.headers.get('trace-reference')).ok).toBe(true)
    } else {
      // What no `Headers` takes, a message of a queue may still carry.
      const carrier: Record<string, string> = {}
      for (const [name, value] of lines) {
        const key = name.toLowerCase()
        carrier[key] = carrier[key] === undefined ? value : `${carrier[key]}, ${value}`
      }
      await waybill.resume(waybill.accept(carrier), () =>
        waybill.run({ hop: 'worker', name: 'refunds' }, () => logger.info('worked')),
      )
    }
    expect(claimed).not.toContain(steps.at(-1)?.reference)
    if (i % 1000 === 999) await waybill.flush()
  }
  await waybill.stop()
  expect(requests).toBeGreaterThan(3000)
  expect(9000 - requests).toBeGreaterThan(1000)
  expect(steps).toHaveLength(9000)
  expectClean(steps)
})

test.each([
  ['Express', expressShop(express)],
  ['Fastify', fastifyShop(fastify)],
  ['Koa', koaShop],
  ['node:http', nodeShop],
  ['Hono', honoShop({ withNode: true })],
])('of 200 hostile requests over a raw socket %s believes, logs and answers with none', async (_, startShop) => {
  const { waybill, steps, logger } = createLogged()
  const current = (): ReturnType<typeof waybill.current> => {
    logger.info('served')
    return waybill.current()
  }
  const shop = await startShop({ waybill: { ...waybill, current }, moments: createMoments() })
  const port = Number(new URL(shop.origin).port)
  const random = seededRandom(1400)
  let served = 0
  let refusedByNode = 0
  for (let i = 0; i < 200; i++) {
    const { lines, claimed } = hostileHeaders(random)
    const before = steps.length
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const answer = await rawRequest(
      port,
      `GET /admin/users/${MARK}?${MARK} HTTP/1.1\r\nHost: shop\r\n${head}Connection: close\r\n\r\n`,
    )
    expect(answer).not.toContain(MARK)
    const status = Number(answer.slice(9, 12))
    if (status === 200) {
      served++
      const reference = /^trace-reference: (.*)\r$/im.exec(answer)?.[1]
      expect(parseReference(reference).ok).toBe(true)
      expect(claimed).not.toContain(reference)
      await expect.poll(() => steps.length).toBe(before + 1)
      expect(steps.at(-1)?.reference).toBe(reference)
    } else {
      // Node itself answers what is no HTTP, or too long, before there is a request.
      refusedByNode++
      expect([400, 431]).toContain(status)
    }
  }
  await shop.stop()
  await waybill.stop()
  expect([served > 60, refusedByNode > 10, served + refusedByNode]).toEqual([true, true, 200])
  expect(log.trim().split('\n')).toHaveLength(served)
  expectClean(steps)
})

function headersOf(lines: readonly (readonly [string, string])[]): Headers | undefined {
  try {
    const headers = new Headers()
    for (const [name, value] of lines) headers.append(name, value)
    return headers
  } catch {
    return undefined
  }
}

async function rawRequest(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.write(text, 'utf8')
  return (await buffer(socket)).toString('latin1')
}
