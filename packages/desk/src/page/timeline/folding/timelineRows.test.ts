import { mintReference, mintSpanId } from '@waybill/reference'
import { expect, test } from 'vitest'
import { refundTrail } from '../../../../fixtures/refundTrail.ts'
import type { MatchStep } from '../../../lookup/Match.ts'
import { matchOf } from '../../../lookup/matchOf.ts'
import { timelineRows } from './timelineRows.ts'
import type { TimelineRow } from './timelineRows.ts'

test('the attempts of one job are one row that holds them, what happened inside them, and the waits', () => {
  const rows = timelineRows(refundSteps())
  expect(namesOf(rows)).toEqual([
    'Request refund',
    'POST /api/orders/:id/refund',
    'POST /api/orders/:id/refund',
    'INSERT refunds',
    'refund',
    '1.2 s in the queue',
    '3 attempts of refund',
    'refund-dead-letter',
  ])
  const folded = openRows(rows).find((row) => row.kind === 'attempts')
  const oneAttempt = ['refund', 'findCharges', 'chat refund-checker', '30.0 s waiting for the model']
  expect(folded?.kind === 'attempts' && namesOf(folded.inside)).toEqual([
    ...oneAttempt,
    '4.0 s until attempt 2',
    ...oneAttempt,
    '4.0 s until attempt 3',
    ...oneAttempt,
  ])
  expect(folded?.kind === 'attempts' && folded.cause?.name).toBe('chat refund-checker')
})

test('every step is in exactly one row', () => {
  const steps = refundSteps()
  const ids = (rows: readonly TimelineRow[]): string[] =>
    rows.flatMap((row) => [...(row.kind === 'step' ? [row.step.id] : []), ...('inside' in row ? ids(row.inside) : [])])
  expect(ids(timelineRows(steps)).toSorted()).toEqual(steps.map((step) => step.id).toSorted())
})

test('a call made again by the same action folds, two calls side by side do not', () => {
  const action = stepOf({ action: 'succeeded' })
  const call = (attempt: number | null, after: number) =>
    stepOf({ parentId: action.id, name: 'POST /pay', attempt, at: new Date(BEGUN + after).toISOString() })
  expect(namesOf(timelineRows([action, call(1, 10), call(2, 20)]))).toEqual(['step', '2 attempts of POST /pay'])
  // A browser says nothing of a first attempt.
  expect(namesOf(timelineRows([action, call(null, 10), call(2, 20)]))).toEqual(['step', '2 attempts of POST /pay'])
  expect(namesOf(timelineRows([action, call(1, 10), call(1, 12)]))).toEqual(['step', 'POST /pay', 'POST /pay'])
  expect(namesOf(timelineRows([action, call(null, 10), call(null, 12)]))).toEqual(['step', 'POST /pay', 'POST /pay'])
})

test('a job caused by one of several attempts stands on its own', () => {
  const first = stepOf({ name: 'POST /pay', attempt: 1, parentId: 'a' })
  const second = stepOf({ name: 'POST /pay', attempt: 2, parentId: 'a' })
  const served = stepOf({ name: 'served', hop: 'api', parentId: second.id })
  const queued = stepOf({ name: 'queued', hop: 'queue', parentId: served.id })
  expect(namesOf(timelineRows([first, second, served, queued]))).toEqual(['2 attempts of POST /pay', 'queued'])
})

test('the items of a batch are one row, with what happened inside them', () => {
  const run = stepOf({ hop: 'schedule', name: 'nightly sync' })
  const item = (order: string): MatchStep =>
    stepOf({ hop: 'schedule', name: 'sync the order', parentId: run.id, facts: { order } })
  const items = ['A-1', 'A-2', 'A-3'].map(item)
  const written = stepOf({ hop: 'database', name: 'UPDATE', parentId: items[1]!.id })
  const rows = timelineRows([run, items[0]!, items[1]!, written, items[2]!])
  expect(namesOf(rows)).toEqual(['nightly sync', '3 items of sync the order'])
  const batch = openRows(rows).find((row) => row.kind === 'batch')
  expect(batch?.kind === 'batch' && namesOf(batch.inside)).toEqual([
    'sync the order',
    'sync the order',
    'UPDATE',
    'sync the order',
  ])
})

test('of a large batch the failed items and the first others are rows, and the rest is counted', () => {
  const attributes = { 'waybill.items.name': 'sync the order', 'waybill.items.done': 4917, 'waybill.items.failed': 83 }
  const run = stepOf({ hop: 'schedule', name: 'nightly sync', attributes })
  const items = Array.from({ length: 300 }, (_, at) =>
    stepOf({
      hop: 'schedule',
      name: 'sync the order',
      parentId: run.id,
      facts: { order: `A-${at}` },
      status: at % 4 === 3 ? 'error' : 'ok',
    }),
  )
  const inside = items.map(({ id }) => stepOf({ hop: 'database', name: 'UPDATE', parentId: id }))
  const batch = openRows(timelineRows([run, ...items, ...inside])).find((row) => row.kind === 'batch')
  const rows = openRows(batch?.kind === 'batch' ? batch.inside : [])
  const names = rows.map(nameOf)
  expect(names.filter((name) => name === 'sync the order')).toHaveLength(70)
  expect(names.filter((name) => name === 'UPDATE')).toHaveLength(70)
  expect(names.at(-1)).toBe('4897 more done, 33 failed')
  const shown = rows.flatMap((row) => (row.kind === 'step' && row.step.facts['order'] ? [row.step] : []))
  expect(shown.filter(({ status }) => status === 'error')).toHaveLength(50)
})

test('no steps are no rows', () => {
  expect(timelineRows([])).toEqual([])
})

const BEGUN = 1_790_000_000_000

function refundSteps(): readonly MatchStep[] {
  const { reference, browser, servers } = refundTrail()
  const match = matchOf([...browser, ...servers], { reference, foundBy: 'reference', namespace: '', now: Date.now() })
  return match?.steps ?? []
}

function stepOf(fields: Partial<MatchStep>): MatchStep {
  const { reference, servers } = refundTrail({ reference: mintReference(), begunAt: BEGUN })
  const [any] = servers
  const [step] =
    matchOf(any ? [{ ...any, facts: {} }] : [], { reference, foundBy: '', namespace: '', now: BEGUN })?.steps ?? []
  if (!step) throw new Error('The trail has steps.')
  return { ...step, id: mintSpanId(), parentId: null, hop: 'browser', name: 'step', durationMs: 5, ...fields }
}

/** The rows from above to below, with what stands under steps, but not what is folded. */
function openRows(rows: readonly TimelineRow[]): TimelineRow[] {
  return rows.flatMap((row) => [row, ...(row.kind === 'step' ? openRows(row.inside) : [])])
}

function namesOf(rows: readonly TimelineRow[]): string[] {
  return openRows(rows).map(nameOf)
}

function nameOf(row: TimelineRow): string {
  if (row.kind === 'rest') return `${row.done} more done, ${row.failed} failed`
  if (row.kind === 'lines') return `${row.stepCount} lines`
  if (row.kind === 'wait') return row.wait.text.replaceAll('\u00a0', ' ')
  return row.kind === 'step'
    ? row.step.name
    : `${row.heads.length} ${row.kind === 'batch' ? 'items' : 'attempts'} of ${row.heads[0]?.name}`
}
