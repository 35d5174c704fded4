import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'

const reference = mintReference()
const T0 = Date.UTC(2026, 10, 22, 10, 14, 3)

function step(over: Partial<Step> & Pick<Step, 'hop' | 'name'>): Step {
  return {
    id: mintSpanId(),
    reference,
    traceId: traceIdOf(reference),
    service: `shop-${over.hop}`,
    at: T0,
    durationMs: 100,
    status: 'ok',
    ...over,
  }
}

const action = step({ hop: 'browser', name: 'Request refund', action: 'succeeded', claimed: true })
const call = step({ hop: 'browser', name: 'POST /api/refunds', parentId: action.id, claimed: true })
const served = step({ hop: 'api', name: 'POST /api/refunds', parentId: call.id, at: T0 + 10 })
const queued = step({ hop: 'queue', name: 'send refund', parentId: served.id, jobId: 'j1', at: T0 + 20 })
const accepted = [action, call, served, queued]

function attempts(failing: number, max = 3): Step[] {
  return Array.from({ length: failing }, (_, i) => {
    const at = T0 + 1000 * (i + 1)
    const error = { type: 'timeout' }
    const common = { status: 'error', at, durationMs: 900, error } as const
    const worker = step({ ...common, hop: 'worker', name: 'refund', jobId: 'j1', attempt: i + 1, maxAttempts: max })
    const model = step({ ...common, hop: 'model', name: 'chat', parentId: worker.id, service: 'refund-worker' })
    return [worker, model, step({ ...common, hop: 'model', name: 'POST /v1/chat/completions', parentId: model.id })]
  }).flat()
}

describe('outcomeOf', () => {
  test('names the model that timed out, what was left, and the manual fix', () => {
    const deadLetter = step({
      hop: 'worker',
      name: 'refund-dead',
      jobId: 'j2',
      at: T0 + 5000,
      effect: 'held',
      remains: 'refund pending review',
    })
    const outcome = outcomeOf([...accepted, ...attempts(3), deadLetter])
    expect(outcome).toMatchObject({ state: 'failed', hop: 'model', advice: 'manual-fix' })
    expect(outcome.sentence).toBe(
      'refund-worker asked the model: chat; it timed out with no answer within 900 ms, on the last of 3 attempts. ' +
        'It was left like this: refund pending review. Somebody has to finish it by hand.',
    )
  })

  test('takes a job for given up that was set aside while nobody told how its last attempt ended', () => {
    const worked = { hop: 'worker', name: 'refund', parentId: queued.id, jobId: 'j1' } as const
    const killed = step({ ...worked, status: 'running', durationMs: 0, attempt: 1, maxAttempts: 2, at: T0 + 1000 })
    const dead = step({ hop: 'queue', name: 'dead', parentId: queued.id, jobId: 'j2', at: T0 + 5000 })
    const taken = step({ ...worked, name: 'dead', parentId: dead.id, jobId: 'j2', deadLetter: true, at: T0 + 5100 })
    const now = T0 + 6000
    expect(outcomeOf([...accepted, killed], { now }).state).toBe('running')
    expect(outcomeOf([...accepted, killed, dead, taken], { now })).toMatchObject({
      state: 'failed',
      stepId: killed.id,
      sentence: expect.stringContaining('After its last attempt the job was set aside for a person (dead-lettered).'),
    })
    const again = step({ ...worked, status: 'running', durationMs: 0, attempt: 2, maxAttempts: 2, at: T0 + 5500 })
    expect(outcomeOf([...accepted, killed, dead, taken, again], { now }).state).toBe('running')
    // Of jobs that were queued by one step it may be another.
    const together = { ...queued, jobId: undefined }
    expect(outcomeOf([action, call, served, together, killed, dead, taken], { now }).state).toBe('running')
  })

  test('is running while a failed attempt is going to be tried again, and while a message waits', () => {
    expect(outcomeOf(accepted, { now: T0 + 5000 })).toMatchObject({ state: 'running', hop: 'queue', advice: 'none' })
    expect(outcomeOf([...accepted, ...attempts(2)], { now: T0 + 5000 })).toMatchObject({
      state: 'running',
      hop: 'model',
    })
  })

  test('is unknown, for engineering to say, once open work has been silent for an hour', () => {
    expect(outcomeOf(accepted, { now: T0 + 4e6 })).toMatchObject({ state: 'unknown', advice: 'ask-engineering' })
  })

  test('is a success when a later attempt made the failure good', () => {
    const good = step({ hop: 'worker', name: 'refund', jobId: 'j1', attempt: 3, maxAttempts: 3, at: T0 + 9000 })
    expect(outcomeOf([...accepted, ...attempts(2), good])).toMatchObject({
      state: 'succeeded',
      hop: null,
      advice: 'none',
    })
  })

  test('is a success when a server made good what failed inside it', () => {
    const fallback = step({ hop: 'model', name: 'chat', parentId: served.id, status: 'error', error: { type: '500' } })
    expect(outcomeOf([action, call, served, fallback])).toMatchObject({ state: 'succeeded' })
  })

  test('fails for one of two parallel calls of one name, and not for a call that was repeated with success', () => {
    // Of one cause, as a page's calls are.
    const cause = { parentId: mintSpanId() }
    const refused = step({
      ...cause,
      hop: 'api',
      name: 'GET /api/items/:id',
      status: 'error',
      error: { type: '500' },
      attempt: 1,
    })
    const beside = step({ ...cause, hop: 'api', name: 'GET /api/items/:id', attempt: 1, at: T0 + 1 })
    const again = step({ ...cause, hop: 'api', name: 'GET /api/items/:id', attempt: 2, at: T0 + 500 })
    expect(outcomeOf([refused, beside])).toMatchObject({ state: 'failed', hop: 'api', advice: 'customer-retry' })
    expect(outcomeOf([refused, again])).toMatchObject({ state: 'succeeded' })
  })

  test('advises a retry of a write only where the application declared that nothing was changed', () => {
    const declined = { hop: 'api', name: 'POST /api/checkout', status: 'error', error: { type: '402' } } as const
    expect(outcomeOf([step({ ...declined, effect: 'none' })])).toMatchObject({ advice: 'customer-other-card' })
    expect(outcomeOf([step(declined)])).toMatchObject({ advice: 'ask-engineering' })
    expect(outcomeOf([step({ ...declined, effect: 'done' })])).toMatchObject({ advice: 'ask-engineering' })
  })

  test('never lets a browser overrule a server', () => {
    const failedClaim = { ...action, action: 'failed', status: 'error', error: { type: 'TypeError' } } as const
    expect(outcomeOf([failedClaim, call, served])).toMatchObject({ state: 'succeeded' })
    const failedServer = { ...served, status: 'error', error: { type: '500' } } as const
    expect(outcomeOf([action, call, failedServer])).toMatchObject({ state: 'failed', hop: 'api' })
  })

  test('fails at the browser, on its word, when no server has a step for the call', () => {
    const offline = { ...call, status: 'error', error: { type: 'TypeError' } } as const
    const outcome = outcomeOf([action, offline])
    expect(outcome).toMatchObject({ state: 'failed', hop: 'browser', advice: 'ask-engineering' })
    expect(outcome.sentence).toContain("As the customer's browser reported it")
    const left = { ...offline, error: { type: 'page_left' } }
    expect(outcomeOf([action, left]).sentence).toContain('the customer left the page before an answer came')
  })

  test('does not count a call that the page itself aborted', () => {
    const aborted = { ...call, status: 'error', error: { type: 'AbortError' } } as const
    expect(outcomeOf([action, aborted, step({ hop: 'api', name: 'GET /api/orders' })])).toMatchObject({
      state: 'succeeded',
    })
  })

  test('knows nothing of nothing, and ends on a circle of causes', () => {
    expect(outcomeOf([])).toMatchObject({ state: 'unknown', hop: null, advice: 'none' })
    const a = step({ hop: 'api', name: 'a', status: 'error', error: { type: '500' } })
    const b = step({ hop: 'model', name: 'b', status: 'error', error: { type: '500' }, parentId: a.id })
    expect(outcomeOf([{ ...a, parentId: b.id }, b])).toBeDefined()
  })
})
