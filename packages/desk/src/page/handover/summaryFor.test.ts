import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { matchOf } from '../../lookup/matchOf.ts'
import { summaryFor } from './summaryFor.ts'

const address = 'https://desk.example/trail'

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
