import type { Advice, Outcome, OutcomeState } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { waitsForOf } from '../../lookup/waitsForOf.ts'
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
    waitsFor: waitsForOf(outcome),
    handling: null,
    unseen: [],
    claimed: false,
    steps: [{ part: 'own', hop: begun }],
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
  'put-right': ({ state, advice, pageFailure }) =>
    state === 'failed' && ['rerun', 'rerun-failed', 'redeliver'].includes(advice) && pageFailure === null,
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

  test('takes no browser’s word for a success', () => {
    for (const each of CASES.filter(({ state }) => state !== 'failed'))
      expect(customerMessageOf(matchFor(each, { claimed: true })), JSON.stringify(each)).toBe('finding-out')
  })
})

test('every message is told somewhere, and what is certain is told rather than nothing', () => {
  const told = new Set(CASES.map((each) => customerMessageOf(matchFor(each))))
  expect([...told, 'dealt-with'].toSorted()).toEqual(Object.keys(ALLOWED).toSorted())
  for (const each of CASES) {
    const message = customerMessageOf(matchFor(each))
    const isCertain = each.advice !== 'ask-engineering' && each.state !== 'unknown' && each.pageFailure === null
    const isPossible = each.state === 'failed' ? each.advice !== 'none' : each.advice === 'none'
    if (isCertain && isPossible) expect(message, JSON.stringify(each)).not.toBe('finding-out')
  }
})

test('what somebody has handled is not said to be waiting', () => {
  const held = matchFor({ state: 'failed', advice: 'manual-fix', pageFailure: null, begun: 'api' })
  const by = { by: 'Ada', who: 'ada', note: null, at: '2026-11-22T10:20:00.000Z', id: 'a1', isOutdated: false }
  expect(customerMessageOf({ ...held, handling: { ...by, state: 'done' } })).toBe('dealt-with')
  expect(customerMessageOf({ ...held, handling: { ...by, state: 'taken' } })).toBe('by-hand')
  expect(customerMessageOf({ ...held, handling: { ...by, state: 'open' } })).toBe('by-hand')
})

test('an action that went well is not told as done while a later run of it waits for somebody', () => {
  const good = matchFor({ state: 'succeeded', advice: 'none', pageFailure: null, begun: 'api' })
  expect(customerMessageOf({ ...good, waitsFor: 'person' })).toBe('finding-out')
})
