import { setTimeout as sleep } from 'node:timers/promises'
import { createWaybill } from '@waybill/server'
import { waybillMeta } from '@waybill/server/winston'
import winston from 'winston'
import { beforeEach, expect, test } from 'vitest'

const waybill = createWaybill({ service: 'shop-api' })
let lines: Record<string, unknown>[] = []
/** A transport that takes its time, as one over a network does. */
const slow = Object.assign(new winston.transports.Console(), {
  log(info: Readonly<Record<symbol, string>>, done: () => void) {
    lines.push(JSON.parse(info[Symbol.for('message')] ?? ''))
    setTimeout(done, 1)
  },
})
const logger = winston.createLogger({
  defaultMeta: waybillMeta(waybill, { service: 'shop-api' }),
  format: winston.format.combine(winston.format.errors({ stack: true }), winston.format.json()),
  transports: [slow],
})

beforeEach(() => {
  lines = []
})

test('puts the reference in force on each line, those of child loggers and of errors too', async () => {
  const context = waybill.mint()
  await waybill.resume(context, () =>
    waybill.run({ hop: 'worker', name: 'refunds' }, async () => {
      logger.info('first')
      logger.child({ part: 'child' }).warn('inside', { order: 'A-1001' })
      logger.info('%s of %d', 'one', 2)
      logger.log({ level: 'info', message: 'as an object' })
      await sleep(1)
      logger.error(new RangeError('no stock'))
      logger.error('it failed', new RangeError('no stock'))
    }),
  )
  await expect.poll(() => lines.length).toBe(6)
  const { reference, traceId } = context
  expect(lines.filter((line) => line['reference'] !== reference || line['trace_id'] !== traceId)).toEqual([])
  expect(lines.every((line) => line['service'] === 'shop-api' && String(line['span_id']).length === 16)).toBe(true)
  expect(lines[1]).toMatchObject({ part: 'child', order: 'A-1001' })
  expect(lines[4]).toMatchObject({ message: 'no stock', stack: expect.stringContaining('RangeError: no stock') })
})

test('leaves lines outside of a context, and a field of the same name, as they are', async () => {
  logger.info('started', { port: 80 })
  waybill.resume(waybill.mint(), () => logger.info('paid', { reference: 'PAY-1', trace_id: 'x', span_id: 'y' }))
  await expect.poll(() => lines.length).toBe(2)
  expect(lines).toEqual([
    { level: 'info', message: 'started', port: 80, service: 'shop-api' },
    { level: 'info', message: 'paid', reference: 'PAY-1', trace_id: 'x', span_id: 'y', service: 'shop-api' },
  ])
})

test('gives none of 200 interleaved requests another one’s, however busy the transport is', async () => {
  const contexts = Array.from({ length: 200 }, () => waybill.mint())
  await Promise.all(
    contexts.map((context, i) =>
      waybill.resume(context, async () => {
        await sleep(i % 5)
        logger.info('served', { own: context.reference })
      }),
    ),
  )
  await expect.poll(() => lines.length).toBe(200)
  expect(lines.filter((line) => line['own'] !== line['reference'])).toEqual([])
})
