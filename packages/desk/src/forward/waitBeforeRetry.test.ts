import { expect, test } from 'vitest'
import { answers, openCollector } from '../../fixtures/openCollector.ts'
import { forwardTarget } from './forwardTarget.ts'
import { sendToCollector } from './sendToCollector.ts'
import { waitBeforeRetry } from './waitBeforeRetry.ts'

const waits = (random: number, askedMs = 0) =>
  [0, 1, 2, 5, 6, 100, 5000].map((failures) =>
    waitBeforeRetry({ failures, askedMs, firstMs: 1000, random: () => random }),
  )

test('doubles after every failure up to a minute, with half of it left to chance', () => {
  expect(waits(0)).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000, 30_000])
  expect(waits(1)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000])
})

test('is never shorter than the collector asks for', () => {
  for (const random of [0, 0.5, 1]) expect(Math.min(...waits(random, 600_000))).toBeGreaterThanOrEqual(600_000)
})

test.each([
  ['seconds', '1000', 1_000_000],
  ['a date', 'Wed, 21 Oct 2026 07:28:00 GMT', 480_000],
  ['a date that is over', 'Wed, 21 Oct 2020 07:28:00 GMT', 0],
  ['a year, of which an hour counts', '31536000', 3_600_000],
  ['nonsense', 'soon', 0],
  ['less than nothing', '-5', 0],
])('reads a Retry-After of %s', async (_, header, waitMs) => {
  await using collector = await openCollector(answers(503, { 'retry-after': header }))
  const body = { signal: 'traces', bytes: Buffer.from('{}'), encoding: 'json' } as const
  const sent = await sendToCollector(body, {
    target: forwardTarget({ url: collector.url }),
    via: '1.1 test',
    abort: new AbortController().signal,
    timeoutMs: 10_000,
    now: () => Date.parse('2026-10-21T07:20:00Z'),
  })
  expect(sent).toEqual({ outcome: 'later', why: 'it answers 503', waitMs })
})
