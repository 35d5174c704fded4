import { setTimeout as sleep } from 'node:timers/promises'
import { Writable } from 'node:stream'
import { createWaybill } from '@waybill/server'
import { waybillMixin } from '@waybill/server/pino'
import pino from 'pino'
import { beforeEach, expect, test } from 'vitest'

const waybill = createWaybill({ service: 'shop-api' })
let lines: Record<string, unknown>[] = []
let texts: string[] = []
const sink = new Writable({
  write(chunk: Buffer, _, done) {
    texts.push(chunk.toString())
    lines.push(JSON.parse(chunk.toString()))
    done()
  },
})
const logger = pino({ mixin: waybillMixin(waybill), base: { service: 'shop-api' } }, sink)

beforeEach(() => {
  lines = []
  texts = []
})

test('puts the reference in force on each line of pino, child loggers included, and nothing outside of a context', async () => {
  const context = waybill.mint()
  logger.info('before')
  await waybill.resume(context, () =>
    waybill.run({ hop: 'worker', name: 'refunds' }, async (step) => {
      logger.child({ part: 'child' }).warn({ order: 'A-1001' }, 'inside')
      await Promise.resolve()
      logger.info('later')
      expect(lines[1]).toMatchObject({ span_id: step.context.spanId, part: 'child', order: 'A-1001' })
    }),
  )
  expect(lines.map((line) => line['reference'])).toEqual([undefined, context.reference, context.reference])
  expect(lines.map((line) => line['trace_id'])).toEqual([undefined, context.traceId, context.traceId])
  expect(lines[0]).toEqual({ level: 30, time: lines[0]?.['time'], service: 'shop-api', msg: 'before' })
})

test('puts it on lines of errors, whichever way they are logged', () => {
  const context = waybill.mint()
  waybill.resume(context, () => {
    logger.error(new RangeError('no stock'))
    logger.error({ err: new RangeError('no stock') }, 'it failed')
    logger.child({}, { level: 'fatal' }).fatal('gone')
  })
  expect(lines.map((line) => line['reference'])).toEqual([context.reference, context.reference, context.reference])
  expect(lines[0]).toMatchObject({ err: { type: 'RangeError', message: 'no stock' } })
})

test('leaves what a line or a logger says under the same name, and writes no name twice', () => {
  waybill.resume(waybill.mint(), () => {
    logger.info({ reference: 'PAY-1' }, 'paid')
    logger.child({ reference: 'PAY-2' }).child({ part: 'x' }).info('paid')
    pino({ mixin: waybillMixin(waybill), base: { reference: 'PAY-3' } }, sink).info('paid')
  })
  expect(lines.map((line) => line['reference'])).toEqual(['PAY-1', 'PAY-2', 'PAY-3'])
  expect(texts.map((text) => text.split('"reference"').length - 1)).toEqual([1, 1, 1])
  expect(lines.every((line) => 'trace_id' in line)).toBe(true)
})

test('keeps 200 interleaved requests apart', async () => {
  const contexts = Array.from({ length: 200 }, () => waybill.mint())
  await Promise.all(
    contexts.map((context, i) =>
      waybill.resume(context, async () => {
        await sleep(i % 5)
        logger.info({ own: context.reference }, 'served')
      }),
    ),
  )
  expect(lines.filter((line) => line['own'] !== line['reference'])).toEqual([])
  expect(lines).toHaveLength(200)
})

test('gives any other logger the fields to write', () => {
  const context = waybill.mint()
  const line = waybill.resume(context, () => JSON.stringify({ message: 'paid', ...waybill.logFields() }))
  expect(JSON.parse(line)).toEqual({ message: 'paid', reference: context.reference, trace_id: context.traceId })
  expect(JSON.stringify({ message: 'started', ...waybill.logFields() })).toBe('{"message":"started"}')
})
