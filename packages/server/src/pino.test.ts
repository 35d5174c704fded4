import { Writable } from 'node:stream'
import { createWaybill } from '@waybill/server'
import { waybillMixin } from '@waybill/server/pino'
import pino from 'pino'
import { expect, test } from 'vitest'

test('puts the reference in force on each line of pino, child loggers included, and nothing outside of a context', async () => {
  const waybill = createWaybill({ service: 'shop-api' })
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(JSON.parse(chunk.toString()))
      done()
    },
  })
  const logger = pino({ mixin: waybillMixin(waybill) }, sink)
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
})
