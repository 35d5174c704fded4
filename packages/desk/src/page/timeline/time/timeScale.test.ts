import { mintReference, mintSpanId } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import { refundTrail } from '../../../../fixtures/refundTrail.ts'
import type { MatchStep } from '../../../lookup/Match.ts'
import { matchOf } from '../../../lookup/matchOf.ts'
import { axisTicks, offsetText } from './axisTicks.ts'
import { timeScale } from './timeScale.ts'
import type { TimeScale } from './timeScale.ts'

const BEGUN = 1_790_000_000_000
const WHOLE = { from: 0, to: 1 }
const SECOND = 1000
const HOUR = 3_600_000

describe('the scale', () => {
  test('is even while no gap is longer than all the rest', () => {
    const scale = scaleOf([0, 10 * SECOND], [19 * SECOND, 30 * SECOND])
    expect(scale.breaks).toEqual([])
    expect(scale.shareOf(BEGUN + 15 * SECOND)).toBeCloseTo(0.5)
  })

  test('squeezes gaps that are longer than all the rest, however many', () => {
    const scale = scaleOf([0, 10 * SECOND], [HOUR, HOUR + 10 * SECOND], [20 * HOUR, 20 * HOUR + 10 * SECOND])
    expect(scale.breaks.map(({ from, to }) => [from - BEGUN, to - BEGUN])).toEqual([
      [10 * SECOND, HOUR],
      [HOUR + 10 * SECOND, 20 * HOUR],
    ])
    const widths = scale.segments.map(({ kind, fromShare, toShare }) => `${kind} ${(toShare - fromShare).toFixed(2)}`)
    expect(widths).toEqual(['even 0.28', 'break 0.08', 'even 0.28', 'break 0.08', 'even 0.28'])
    expect(scale.shareOf(BEGUN)).toBeCloseTo(0)
    expect(scale.shareOf(BEGUN + 20 * HOUR + 10 * SECOND)).toBeCloseTo(1)
    for (const share of [0, 0.1, 0.3, 0.5, 0.99]) expect(scale.shareOf(scale.momentAt(share))).toBeCloseTo(share)
  })

  test('squeezes no gap below ten seconds, and none in which something ran', () => {
    expect(scaleOf([0, 10], [9 * SECOND, 9 * SECOND + 10]).breaks).toEqual([])
    expect(scaleOf([0, 10], [5, HOUR], [HOUR - 10, HOUR]).breaks).toEqual([])
  })

  test('takes a step around others for no sign of life while they rest', () => {
    const around = stepOf(0, HOUR)
    const inside = [stepOf(0, 10 * SECOND), stepOf(HOUR - 10 * SECOND, HOUR)]
    const steps = [around, ...inside.map((step) => ({ ...step, parentId: around.id }))]
    expect(timeScale(steps, { aliveUntil: null }).breaks).toHaveLength(1)
  })

  test('ends now where work goes on', () => {
    const running: MatchStep = { ...stepOf(0, 0), status: 'running' }
    expect(timeScale([running], { aliveUntil: BEGUN + HOUR }).ended).toBe(BEGUN + HOUR)
    expect(timeScale([running], { aliveUntil: null }).ended).toBe(BEGUN + 1)
  })
})

describe('the axis', () => {
  test.each([
    [100 * SECOND, ['+0 s', '+60 s']],
    [450, ['+0 s', '+200 ms']],
    [9 * SECOND, ['+0 s', '+5 s']],
    [3 * HOUR, ['+0 s', '+60 min', '+2 h']],
  ])('of %d ms has round moments', (length, labels) => {
    expect(labelsOf(scaleOf([0, length]))).toEqual(labels)
  })

  test('tells after a break how long it was', () => {
    expect(labelsOf(scaleOf([0, 10 * SECOND], [20 * HOUR, 20 * HOUR + 10 * SECOND]))).toEqual(['+0 s', '+20 h'])
  })

  test('is as fine as what is seen', () => {
    const scale = scaleOf([0, 100 * SECOND])
    expect(labelsOf(scale, { from: 0.5, to: 0.505 })).toEqual(['+50.0 s', '+50.2 s'])
    expect(offsetText(20 * HOUR + 61_200, 200)).toBe('20:01:01.2')
    expect(offsetText(20 * HOUR + 61_200, 60_000)).toBe('20\u00a0h')
  })
})

function scaleOf(...spans: readonly (readonly [number, number])[]): TimeScale {
  return timeScale(
    spans.map(([from, to]) => stepOf(from, to)),
    { aliveUntil: null },
  )
}

function stepOf(from: number, to: number): MatchStep {
  const { servers, reference } = refundTrail({ reference: mintReference(), begunAt: BEGUN })
  const [step] = matchOf(servers.slice(0, 1), { reference, foundBy: '', namespace: '', now: BEGUN })!.steps
  return {
    ...step!,
    id: mintSpanId(),
    parentId: null,
    at: new Date(BEGUN + from).toISOString(),
    durationMs: to - from,
  }
}

function labelsOf(scale: TimeScale, view = WHOLE): string[] {
  return axisTicks(scale, view).map(({ label }) => label.replaceAll('\u00a0', ' '))
}
