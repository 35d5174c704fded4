import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'
import { stepOf } from '../../fixtures/stepOf.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import { createTrailSpans } from './createTrailSpans.ts'
import type { AskedSpans, SpanReader } from './SpanReader.ts'

const NOW = Date.UTC(2026, 10, 20, 12)
const HOUR_MS = 3_600_000
const FOREIGN = 'fe'.repeat(16)
const reference = mintReference()

/** A store of spans that holds the spans of these steps, those of foreign traces without their reference where `bare` names them. */
function readerOver(steps: readonly Step[], bare: readonly Step[] = []) {
  const asked: AskedSpans[] = []
  const { resourceSpans } = encodeOtlp([...steps, ...bare])
  const hidden = new Set(bare.map(({ id }) => id))
  const text = JSON.stringify(resourceSpans, (_, value: unknown) => {
    const { spanId, attributes } = Object(value) as { spanId?: string; attributes?: readonly { key: string }[] }
    if (!attributes || !spanId || !hidden.has(spanId)) return value
    return { ...Object(value), attributes: attributes.filter(({ key }) => key !== 'waybill.reference') }
  })
  const reader: SpanReader = {
    where: 'tempo',
    async read(each) {
      asked.push(each)
      return { resourceSpans: JSON.parse(text) as unknown[], searched: { from: 0, to: NOW }, unseen: [] }
    },
    probe: async () => ({ ok: true, found: 'spans' }),
  }
  return { reader, asked }
}

function look(readers: readonly SpanReader[], kept: readonly StoredStep[] = [], patienceMs = 5000) {
  const options = { secret: new Uint8Array(32), identity: {}, mostDays: 30, now: () => NOW, patienceMs }
  return createTrailSpans({ readers, ...options })(reference, kept)
}

const foreignSpan = () => stepOf({ reference, traceId: FOREIGN, at: NOW - HOUR_MS, service: 'ledger' })

test('a span that names no reference is the trail’s where a server’s step ties its trace to it', async () => {
  const span = foreignSpan()
  const kept = { ...foreignSpan(), id: mintSpanId() }
  expect((await look([readerOver([], [span]).reader], [kept])).steps.map(({ id }) => id)).toEqual([span.id])
})

test('a browser’s word puts nobody’s trace under a reference', async () => {
  const claim = { ...foreignSpan(), id: mintSpanId(), hop: 'browser' as const, claimed: true }
  expect((await look([readerOver([], [foreignSpan()]).reader], [claim])).steps).toEqual([])
  const named = foreignSpan()
  const { steps } = await look([readerOver([named], [foreignSpan()]).reader], [claim])
  expect(steps.map(({ id }) => id)).toContain(named.id)
})

test('of a trace that two references share only what names this one is its own', async () => {
  const [mine, bare] = [foreignSpan(), foreignSpan()]
  const other = { ...foreignSpan(), reference: mintReference() }
  const { steps } = await look([readerOver([mine, other], [bare]).reader], [{ ...foreignSpan(), id: mintSpanId() }])
  expect(steps.map(({ id }) => id)).toEqual([mine.id])
})

test('is searched around what servers told, for the clock of a browser may be wrong', async () => {
  const { reader, asked } = readerOver([])
  const claim = stepOf({ reference, at: NOW - 90 * HOUR_MS, hop: 'browser', claimed: true })
  const served = stepOf({ reference, at: NOW - 2 * HOUR_MS })
  await look([reader], [claim, served])
  await look([reader], [claim])
  expect(asked.map(({ window }) => window)).toEqual([
    { from: served.at, to: NOW },
    { from: claim.at - 24 * HOUR_MS, to: claim.at + 5 + 24 * HOUR_MS },
  ])
})

test('readers that throw or never end take nothing from what others found, and are told as not seen', async () => {
  const span = stepOf({ reference, at: NOW - HOUR_MS })
  const throwing: SpanReader = { ...readerOver([]).reader, read: () => Promise.reject(new Error('hunter2')) }
  const silent: SpanReader = { ...readerOver([]).reader, where: 'clickhouse', read: () => new Promise(() => {}) }
  const { steps, unseen } = await look([throwing, silent, readerOver([span]).reader], [], 20)
  expect(steps.map(({ id }) => id)).toEqual([span.id])
  expect(unseen).toEqual([
    { where: 'tempo', reason: 'unreachable', from: null, to: null },
    { where: 'clickhouse', reason: 'timed-out', from: null, to: null },
  ])
})

test('of more spans than a look-up holds the rest is told as not seen', async () => {
  const many = Array.from({ length: 5001 }, () => stepOf({ reference, at: NOW - HOUR_MS }))
  const { steps, unseen } = await look([readerOver(many).reader])
  expect([steps.length, unseen]).toEqual([5000, [{ where: 'tempo', reason: 'over-budget', from: null, to: null }]])
})

test('asks for the trail’s own trace first', async () => {
  const { reader, asked } = readerOver([])
  await look([reader], [{ ...foreignSpan(), id: mintSpanId() }])
  expect(asked[0]!.traceIds).toEqual([traceIdOf(reference), FOREIGN])
})
