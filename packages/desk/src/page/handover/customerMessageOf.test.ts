import type { Advice, Outcome, OutcomeState } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { customerMessageOf } from './customerMessageOf.ts'
import type { CustomerMatch, CustomerMessage } from './customerMessageOf.ts'

const ADVICE: readonly Advice[] = [
  'none',
  'customer-retry',
  'customer-other-card',
  'customer-correct',
  'customer-sign-in',
  'no-retry',
  'rerun',
  'rerun-failed',
  'redeliver',
  'manual-fix',
  'ask-engineering',
]
const STATES: readonly OutcomeState[] = ['succeeded', 'failed', 'running', 'unknown']
const UNSEEN = { where: 'tempo', reason: 'unreachable', from: null, to: null } as const
const BEGUN = ['api', 'schedule'] as const

const STEP = { action: null, name: 'POST /api/refunds', effect: null, attributes: {} } as const

interface Case {
  readonly state: OutcomeState
  readonly advice: Advice
  readonly pageFailure: string | null
  /** The hop of the first step. */
  readonly begun: (typeof BEGUN)[number]
}

const CASES = STATES.flatMap((state) =>
  ADVICE.flatMap((advice) =>
    [null, 'TypeError'].flatMap((pageFailure) => BEGUN.map((begun): Case => ({ state, advice, pageFailure, begun }))),
  ),
)

function matchFor({ begun, ...case_ }: Case, more: Partial<CustomerMatch> = {}): CustomerMatch {
  const outcome: Outcome = { ...case_, hop: null, stepId: null, sentence: '', todo: '', remains: null }
  return {
    outcome,
    later: [],
    handling: null,
    unseen: [],
    claimed: false,
    steps: [{ ...STEP, part: 'own', hop: begun }],
    ...more,
  }
}

/** What is said, and in which cases alone. */
const ALLOWED: Readonly<Record<CustomerMessage, (each: Case) => boolean>> = {
  done: ({ state, pageFailure, begun }) => state === 'succeeded' && pageFailure === null && begun === 'api',
  processed: ({ state, pageFailure, begun }) => state === 'succeeded' && pageFailure === null && begun === 'schedule',
  'done-unseen': ({ state, advice, pageFailure }) =>
    state === 'succeeded' && pageFailure !== null && advice !== 'ask-engineering',
  working: ({ state, pageFailure }) => state === 'running' && pageFailure === null,
  'working-unseen': ({ state, pageFailure }) => state === 'running' && pageFailure !== null,
  'try-again': ({ state, advice, pageFailure }) =>
    state === 'failed' && advice === 'customer-retry' && pageFailure === null,
  'other-card': ({ state, advice, pageFailure }) =>
    state === 'failed' && advice === 'customer-other-card' && pageFailure === null,
  correct: ({ state, advice, pageFailure }) =>
    state === 'failed' && advice === 'customer-correct' && pageFailure === null,
  'sign-in': ({ state, advice, pageFailure }) =>
    state === 'failed' && advice === 'customer-sign-in' && pageFailure === null,
  refused: ({ state, advice, pageFailure }) => state === 'failed' && advice === 'no-retry' && pageFailure === null,
  'put-right': ({ state, advice, pageFailure, begun }) =>
    begun === 'schedule' &&
    state === 'failed' &&
    ['rerun', 'rerun-failed', 'redeliver'].includes(advice) &&
    pageFailure === null,
  'by-hand': ({ state, advice, pageFailure }) => state === 'failed' && advice === 'manual-fix' && pageFailure === null,
  'finding-out': () => true,
  'dealt-with': () => false,
}

describe('over every state, advice, failure of the page and beginning', () => {
  test('says only what holds', () => {
    for (const each of CASES) {
      const message = customerMessageOf(matchFor(each))
      expect(ALLOWED[message](each), `${message} ${JSON.stringify(each)}`).toBe(true)
    }
  })

  test('claims nothing of what could not be seen', () => {
    const unseen: CustomerMatch['unseen'] = [UNSEEN]
    for (const each of CASES) expect(customerMessageOf(matchFor(each, { unseen }))).toBe('finding-out')
  })

  test('takes no browser’s word for it', () => {
    for (const each of CASES)
      expect(customerMessageOf(matchFor(each, { claimed: true })), JSON.stringify(each)).toBe('finding-out')
  })
})

test('every message is told somewhere, and what is certain is told rather than nothing', () => {
  const told = new Set(CASES.map((each) => customerMessageOf(matchFor(each))))
  expect([...told, 'dealt-with'].toSorted()).toEqual(Object.keys(ALLOWED).toSorted())
  for (const each of CASES) {
    const message = customerMessageOf(matchFor(each))
    const isCertain = each.advice !== 'ask-engineering' && each.state !== 'unknown' && each.pageFailure === null
    const isRun = ['rerun', 'rerun-failed', 'redeliver'].includes(each.advice)
    const isPossible =
      each.state === 'failed' ? each.advice !== 'none' && (each.begun === 'schedule' || !isRun) : each.advice === 'none'
    if (isCertain && isPossible) expect(message, JSON.stringify(each)).not.toBe('finding-out')
  }
})

describe('of a request that failed and may be sent again', () => {
  const failed = matchFor({ state: 'failed', advice: 'customer-retry', pageFailure: null, begun: 'api' })
  const own = { ...STEP, part: 'own', hop: 'api' } as const
  const round = { ...STEP, hop: 'browser', name: 'Request refund' } as const
  const call = { ...STEP, hop: 'browser', part: 'claims' } as const
  const run = { ...failed.outcome, name: 'refund.updated', at: '2026-11-22T10:20:00.000Z', stepIds: [] }
  const by = { by: 'Ada', who: 'ada', note: null, at: '2026-11-22T10:20:00.000Z', id: 'a1', isOutdated: false }
  test.each<[string, Partial<CustomerMatch>, CustomerMessage]>([
    ['that is all', {}, 'try-again'],
    [
      'the page says that a later attempt went well',
      { steps: [{ ...round, part: 'page', action: 'succeeded' }, own] },
      'finding-out',
    ],
    ['the page says so, too', { steps: [{ ...round, part: 'page', action: 'failed' }, own] }, 'try-again'],
    [
      'a browser tells of an action that reached no server',
      { steps: [own, { ...round, part: 'claims', action: 'failed' }] },
      'finding-out',
    ],
    ['a browser tells of a write that reached no server', { steps: [own, call] }, 'finding-out'],
    [
      'a browser tells of a read that reached no server',
      { steps: [own, { ...call, name: 'GET /api/cart' }] },
      'try-again',
    ],
    ['a run that came later failed', { later: [run] }, 'finding-out'],
    ['a run that came later goes on', { later: [{ ...run, state: 'running' }] }, 'finding-out'],
    ['a run that came later went well', { later: [{ ...run, state: 'succeeded' }] }, 'try-again'],
    ['somebody has done it by hand', { handling: { ...by, state: 'done' } }, 'dealt-with'],
    ['somebody is on it', { handling: { ...by, state: 'taken' } }, 'try-again'],
    [
      'it failed again after somebody had done it',
      { handling: { ...by, state: 'done', isOutdated: true } },
      'finding-out',
    ],
  ])('%s', (_, more, message) => {
    expect(customerMessageOf({ ...failed, ...more })).toBe(message)
  })
})

test('an action that went well is not told as done while a later run of it failed, waits or goes on', () => {
  const good = matchFor({ state: 'succeeded', advice: 'none', pageFailure: null, begun: 'api' })
  const run = { ...good.outcome, name: 'sync', at: '2026-11-22T10:20:00.000Z', stepIds: [] }
  expect(customerMessageOf({ ...good, later: [run] })).toBe('done')
  expect(customerMessageOf({ ...good, later: [run, { ...run, state: 'failed' }] })).toBe('finding-out')
  expect(customerMessageOf({ ...good, later: [run, { ...run, state: 'unknown' }] })).toBe('finding-out')
  expect(customerMessageOf({ ...good, later: [run, { ...run, state: 'running' }] })).toBe('working')
})
