import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { matchOf } from '../../lookup/matchOf.ts'
import { summaryFor } from './summaryFor.ts'

const address = 'https://desk.example/trail'

const handed = {
  owner: { name: 'Payments team', contact: '#payments in Slack', url: 'https://slack.example/payments' },
  handling: {
    state: 'taken',
    by: 'Ada',
    who: 'ada@shop.example',
    note: 'asks the bank',
    at: '2026-11-22T10:20:00.000Z',
    id: 'a1',
    isOutdated: false,
  },
  screen: { text: 'Your refund was not requested.', at: '2026-11-22T10:14:04.000Z' },
  clocks: [{ service: 'refund-worker', claimed: false, aheadMs: 90_000, isLeast: true }],
  traceLinks: [{ name: 'Tempo', href: 'https://grafana.example/trace' }],
} as const

function summaryOf(change: (step: Step) => Partial<Step>): string {
  const { browser, servers, reference } = refundTrail()
  // Straight from a store, as if what was written there had not been cleaned.
  const stored = [...browser, ...servers].map((step) => ({ ...step, ...change(step), person: undefined }))
  const match = matchOf(stored, { reference, foundBy: 'reference', namespace: '', now: Date.now() })
  return match ? summaryFor(match, { address }) : ''
}

test('says everything, in lines that begin with what they are', () => {
  const lines = summaryOf(() => ({})).split('\n')
  expect(lines).toContain('order A-1001')
  expect(lines).toContain(address)
  expect(lines.length).toBeGreaterThan(15)
})

test('says who looks after it, who is on it, what the screen said, and which clocks are corrected', () => {
  const { browser, servers, reference } = refundTrail()
  const stored = [...browser, ...servers].map((step) => ({ ...step, person: undefined }))
  const match = matchOf(stored, { reference, foundBy: 'reference', namespace: '', now: Date.now() })!
  const [first, ...rest] = match.steps
  const steps = [{ ...first!, atByOwnClock: '2026-11-22T10:15:33.000Z' }, ...rest]
  const summary = summaryFor({ ...match, ...handed, steps }, { address })
  const lines = summary.split('\n')
  for (const line of [
    'looked after by Payments team, #payments in Slack, https://slack.example/payments',
    'taken up by Ada (signed in as ada@shop.example), 2026-11-22T10:20:00.000Z: asks the bank',
    'the screen said, 2026-11-22T10:14:04.000Z: Your refund was not requested.',
    'clock corrected: that of refund-worker is at least 90000 ms ahead',
    'in Tempo: https://grafana.example/trace',
  ])
    expect(lines).toContain(line)
  const outdated = { ...handed, handling: { ...handed.handling, isOutdated: true } }
  expect(summaryFor({ ...match, ...outdated }, { address })).toContain('.000Z (something failed since): asks the bank')
  expect(summary).toContain('its own clock said 2026-11-22T10:15:33.000Z')
  expect(summaryFor(match, { address })).not.toMatch(/looked after|taken up|the screen said|clock/)
})

test.each([
  '=HYPERLINK("//x")',
  '+1',
  '-1+1',
  '@SUM(1)',
  '\t=1',
  '\r\n=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  '\u200b=1',
  '\u2028-1',
])('no stored text begins a line of its own or makes a formula of one: %j', (text) => {
  const usual = summaryOf(() => ({}))
  const summary = summaryOf((step) => ({
    name: text,
    service: text,
    session: text,
    remains: text,
    error: step.error && { type: text, message: text },
    facts: { [text]: text, '-': '1+1' },
  }))
  expect(summary.split(/[\r\n\u2028\u2029\u0085]/).length - 1).toBe(usual.split('\n').length)
  expect(summary).not.toMatch(/^\s*[=+@＝＋－＠-]/mu)
  // oxlint-disable-next-line no-control-regex -- they are the subject
  expect(summary).not.toMatch(/[\0-\x09\x0b-\x1f\u200b\u2028]/)
})
