import { outcomeOf } from '@waybill/trail'
import type { Step, TrailOutcome } from '@waybill/trail'
import { describe, expect, test } from 'vitest'
import { T0, trailOf } from '../fixtures/trailOf.ts'

const now = T0 + 3_000_000
const judged = (
  steps: readonly Step[],
  at = now,
): Pick<TrailOutcome, 'state' | 'hop' | 'advice' | 'sentence' | 'todo'> => {
  const { state, hop, advice, sentence, todo } = outcomeOf(steps, { now: at })
  return { state, hop, advice, sentence, todo }
}

describe('an action is judged by its own work', () => {
  const t = trailOf()
  const round = t.round({ name: 'Request refund' })
  const [call, served] = t.call(round, { name: 'POST /api/refunds', attributes: { 'http.response.status_code': 202 } })
  const queued = t.step({ hop: 'queue', name: 'refunds', parentId: served.id, jobId: 'j1', after: 20 })
  const paid = { effect: 'done', remains: 'paid out' } as const
  const worked = t.step({ hop: 'worker', name: 'refunds', parentId: queued.id, jobId: 'j1', after: 1000, ...paid })
  const refund = [round, call, served, queued, worked]
  const good = {
    state: 'succeeded',
    hop: null,
    advice: 'none',
    sentence:
      'shop-api answered POST /api/refunds with 202, then refund-worker worked on refunds: paid out. It took 1.1 s.',
    todo: 'Nothing',
  }

  test('a finished refund reads so', () => {
    expect(judged(refund)).toEqual(good)
  })

  test('a read that failed does not outweigh a write that finished', () => {
    expect(judged([...refund, ...t.call(round, { name: 'GET /api/refunds/:id', fails: '500', after: 2000 })])).toEqual(
      good,
    )
  })

  test('a read that failed is the failure where nothing was written', () => {
    expect(judged([round, ...t.call(round, { name: 'GET /api/orders', fails: '500' })])).toEqual({
      state: 'failed',
      hop: 'api',
      advice: 'customer-retry',
      sentence:
        'shop-api answered GET /api/orders; the answer was 500. Nothing was changed, so the customer can try again.',
      todo: 'The customer can try again; nothing was changed',
    })
  })

  test('of a write whose caller went away before the answer nobody knows what it changed', () => {
    expect(judged([round, ...t.call(round, { name: 'POST /api/orders', fails: 'aborted' })])).toMatchObject({
      state: 'failed',
      hop: 'api',
      advice: 'ask-engineering',
      sentence: expect.stringMatching(
        /^shop-api answered POST \/api\/orders; the connection closed before the whole answer was sent\. /,
      ),
    })
  })

  test('a route that does not exist is no part of it, also where the page itself called it', () => {
    const nowhere = t.call(round, {
      name: 'POST /api/nothing',
      fails: '404',
      after: 3000,
      attributes: { 'http.route': '' },
    })
    const [claim, missing] = nowhere
    const { 'http.route': _, ...attributes } = missing.attributes!
    expect(judged([...refund, claim, { ...missing, attributes }])).toEqual(good)
  })

  test('where its only call met no route, the page says how it ended', () => {
    const page = t.round({ action: 'failed', fails: '404' })
    const [claim, missing] = t.call(page, { name: 'POST /api/nothing', fails: '404', page: { fails: '404' } })
    expect(judged([page, claim, { ...missing, attributes: {} }])).toMatchObject({
      state: 'failed',
      hop: 'browser',
      sentence: expect.stringMatching(/^As the customer's browser reported it, shop-web called POST \/api\/nothing; /),
    })
  })

  test('requests that no known call caused change nothing, whatever they did', () => {
    const strange = [
      t.step({ hop: 'api', name: 'GET /api/nothing-here', fails: '404', after: 5000 }),
      t.step({ hop: 'api', name: 'POST /api/refunds', fails: '500', parentId: 'f'.repeat(16), after: 6000 }),
      t.step({ hop: 'api', name: 'POST /api/refunds', effect: 'held', remains: 'stolen', after: 7000 }),
    ]
    const inside = t.step({ hop: 'worker', name: 'refunds', parentId: strange[2]!.id, fails: 'X', after: 8000 })
    expect(judged([...refund, ...strange, inside], now)).toEqual(good)
  })

  test('a claim that caused nothing supplies no state, advice, effect, words or times', () => {
    const lie = t.step({
      hop: 'browser',
      name: 'CALL +1 900 123',
      service: 'Bank',
      claimed: true,
      parentId: 'e'.repeat(16),
      effect: 'none',
      remains: 'all is lost',
      action: 'failed',
      repeatable: true,
      fails: 'Error',
      after: -9e9,
      durationMs: 1e10,
    })
    expect(judged([lie, ...refund])).toEqual(good)
    expect(judged([...refund, lie, { ...lie, id: 'd'.repeat(16), session: 's-1' }])).toEqual(good)
  })

  test('runs and webhooks that came later have verdicts of their own', () => {
    const person = 'C-1'
    const sync = t.step({ hop: 'schedule', name: 'nightly sync of the order', fails: '23505', after: 1e9, person })
    const hook = t.step({ hop: 'webhook', name: 'carrier: shipped', after: 2e9 })
    const known = refund.map((step) => (step === served ? { ...step, person } : step))
    const outcome = outcomeOf([...known, sync, hook], { now: T0 + 3e9 })
    expect(outcome).toMatchObject(good)
    expect(outcome.later).toMatchObject([
      {
        name: 'nightly sync of the order',
        at: T0 + 1e9,
        state: 'failed',
        advice: 'ask-engineering',
        sentence:
          'shop-schedule ran “nightly sync of the order” on schedule; a constraint of the database refused it (23505). ' +
          'It is not known what was changed: ask engineering before anybody tries again.',
      },
      {
        name: 'carrier: shipped',
        state: 'succeeded',
        sentence: 'shop-webhook took in the webhook “carrier: shipped”. It took 100 ms.',
      },
    ])
  })

  test('a webhook that was delivered again is judged by its last delivery', () => {
    const hook = { hop: 'webhook', name: 'POST /webhooks/stripe', jobId: 'evt_1' } as const
    const first = t.step({ ...hook, attempt: 1, fails: '500', after: 1e9 })
    const again = t.step({ ...hook, attempt: 2, after: 2e9 })
    const other = t.step({ ...hook, jobId: 'evt_2', attempt: 1, fails: '500', after: 3e9 })
    const now = T0 + 4e9
    expect(outcomeOf([first, again], { now })).toMatchObject({ state: 'succeeded', later: [] })
    const { later } = outcomeOf([...refund, first, again, other], { now })
    expect(later).toMatchObject([{ state: 'succeeded' }, { state: 'failed' }])
  })

  test('a webhook has one also where the partner sent back what it was told of the action', () => {
    const back = { hop: 'webhook', name: 'charge failed', fails: '500', after: 5000 } as const
    for (const parentId of [call.id, served.id]) {
      const outcome = outcomeOf([...refund, t.step({ ...back, parentId })], { now })
      expect(outcome).toMatchObject({ ...good, later: [{ state: 'failed', advice: 'ask-engineering' }] })
    }
  })

  test('a write is timed without the reading around it', () => {
    const reads = [-60_000, 500_000].flatMap((after) => t.call(round, { name: 'GET /api/refunds/:id', after }))
    expect(judged([round, ...reads, ...refund.slice(1)])).toEqual(good)
  })

  test('work without a known cause is part of it for an hour, and later a run of its own', () => {
    const job = { hop: 'worker', name: 'reconcile', fails: 'Error' } as const
    expect(judged([...refund, t.step({ ...job, after: 3_000_000 })]).state).toBe('failed')
    const weeks = 14 * 86_400_000
    const late = outcomeOf([...refund, t.step({ ...job, after: weeks })], { now: T0 + weeks + 5000 })
    expect(late).toMatchObject({ ...good, later: [{ name: 'reconcile', state: 'failed' }] })
    const caused = t.step({ ...job, after: weeks, parentId: served.id })
    expect(outcomeOf([...refund, caused], { now: T0 + weeks + 5000 }).state).toBe('failed')
  })

  test('what came first is told by the servers’ clocks, however far ahead the customer’s is', () => {
    const ahead = { at: T0 + 90_000 }
    const steps = [{ ...round, ...ahead }, { ...call, ...ahead }, served, queued, worked]
    const strange = t.step({ hop: 'api', name: 'POST /api/refunds', fails: '500', after: 30_000 })
    expect(judged([...steps, strange]).state).toBe('succeeded')
  })

  test('of an alert by itself nobody knows what it is about, and it is no success', () => {
    const alert = t.step({ hop: 'alert', name: 'refunds wait for an hour' })
    expect(judged([alert])).toEqual({
      state: 'unknown',
      hop: 'alert',
      advice: 'ask-engineering',
      sentence:
        'shop-alert raised the alert “refunds wait for an hour”; nothing else is told under this reference. ' +
        'Somebody has to find out what it is about.',
      todo: 'Somebody finds out what it is about',
    })
  })

  test('where a service failed because another did, it failed at the other', () => {
    const read = { name: 'GET /api/invoices/:id', attributes: { 'http.response.status_code': 502 } }
    const [claim, failed] = t.call(round, { ...read, fails: '502' })
    const inside = { hop: 'api', parentId: failed.id, name: 'GET /render', fails: 'KeyError' } as const
    const within = t.step({ ...inside, service: failed.service })
    const beyond = t.step({ ...inside, service: 'invoice-renderer' })
    const sentence = (steps: readonly Step[]): string => judged(steps).sentence
    expect(sentence([round, claim, failed, beyond])).toMatch(
      /^invoice-renderer answered GET \/render; it failed \(KeyError\)\. /,
    )
    expect(sentence([round, claim, failed, within])).toMatch(
      /^shop-api answered GET \/api\/invoices\/:id; the answer was 502\. /,
    )
  })

  test('a repeated request says what it found', () => {
    const placed = { name: 'POST /api/orders', effect: 'done', remains: 'order placed' } as const
    const again = { ...placed, effect: 'none', remains: 'the order was there already', after: 130 } as const
    expect(judged([round, ...t.call(round, placed), ...t.call(round, again)]).sentence).toBe(
      'shop-api answered POST /api/orders: order placed, then shop-api answered POST /api/orders: the order was there already. It took 230 ms.',
    )
  })

  test('alerts and tickets decide nothing', () => {
    const alert = t.step({ hop: 'alert', name: 'refund failed', fails: 'X', after: 9000 })
    expect(judged([...refund, alert, t.step({ hop: 'support', name: 'ticket 7', after: 9000 })])).toEqual(good)
  })

  test('a request for the same person, of the same session, or of the same cause is part of it', () => {
    const first = t.step({ hop: 'api', name: 'GET /api/cart', person: 'C-1', parentId: 'a'.repeat(16) })
    const failing = { hop: 'api', name: 'POST /api/orders', fails: '500', after: 500 } as const
    expect(judged([first, t.step({ ...failing, person: 'C-1' })]).state).toBe('failed')
    expect(judged([first, t.step({ ...failing, parentId: 'a'.repeat(16) })]).state).toBe('failed')
    expect(judged([first, t.step({ ...failing, person: 'C-2' })]).state).toBe('succeeded')
    const second = t.round({ after: 400 })
    const again = t.call(second, { ...failing })
    expect(judged([...refund, second, ...again]).state).toBe('failed')
    const [claim, stranger] = t.call({ ...second, session: 's-2' }, failing)
    expect(judged([...refund, { ...second, session: 's-2' }, claim, stranger])).toEqual(good)
  })

  test('a page that a server rendered goes on with the server’s step', () => {
    const rendered = t.step({ hop: 'api', name: 'GET /orders' })
    const page = t.round({ parentId: rendered.id, after: 200 })
    const failing = t.call(page, { fails: '500', after: 300 })
    expect(judged([rendered, page, ...failing]).state).toBe('failed')
  })
})

describe('parts of work whose rest is not told yet', () => {
  const t = trailOf()
  const part = t.step({ hop: 'database', name: 'INSERT orders', parentId: 'a'.repeat(16) })

  test('by themselves say that it is still going on', () => {
    expect(judged([part], T0 + 500)).toMatchObject({
      state: 'running',
      sentence: 'It is still going on: shop-database used the database: INSERT orders, without an end so far.',
    })
    expect(judged([part], T0 + 1e8).state).toBe('unknown')
    const served = t.step({ hop: 'api', name: 'POST /api/orders', id: 'a'.repeat(16) })
    expect(judged([part, served], T0 + 500).state).toBe('succeeded')
  })

  test('beside what is told decide nothing', () => {
    const served = t.step({ hop: 'api', name: 'POST /api/orders', fails: '500' })
    expect(judged([served, { ...part, at: T0 + 900 }])).toEqual(judged([served]))
  })
})

describe('where servers and the page disagree', () => {
  const t = trailOf()
  const round = t.round({ action: 'failed', fails: 'SyntaxError' })
  const paid = { attributes: { 'http.response.status_code': 201 } }

  test('the headline says what both say, and nobody repeats it', () => {
    expect(judged([round, ...t.call(round, paid)])).toEqual({
      state: 'succeeded',
      hop: null,
      advice: 'none',
      sentence:
        "The server finished it; the customer's page says it failed (SyntaxError). shop-api answered POST /api/orders with 201. " +
        'It took 100 ms. Tell the customer that it went through; nobody does it a second time.',
      todo: 'Tell the customer that it went through; nobody does it a second time',
    })
  })

  test.each([
    ['a crash', { fails: 'TypeError', failure: 'render' }, {}, 'the page crashed while it was drawn, TypeError'],
    ['a lost answer', { fails: 'TypeError' }, { fails: 'TypeError' }, 'no answer reached the browser, TypeError'],
    ['what is no name', { fails: 'call +1 900 for a refund' }, {}, 'no reason given'],
  ] as const)('%s is told as such', (_, failed, page, how) => {
    const ended = t.round({ action: 'failed', ...failed })
    expect(judged([ended, ...t.call(ended, { ...paid, page })]).sentence).toContain(
      `The server finished it; the customer's page says it failed (${how}). `,
    )
  })

  test('work that still goes on is not begun a second time either', () => {
    const [call, served] = t.call(round, paid)
    const queued = t.step({ hop: 'queue', name: 'mail', parentId: served.id, jobId: 'j', after: 20 })
    expect(judged([round, call, served, queued], T0 + 5000)).toMatchObject({
      state: 'running',
      sentence:
        "The server is still working on it; the customer's page says it failed (SyntaxError). It is still going on: shop-queue queued mail, " +
        'and no worker has taken it up. Tell the customer that it is being worked on; nobody does it a second time.',
    })
  })

  test('of mere reading nobody says that it went through', () => {
    const read = judged([round, ...t.call(round, { name: 'GET /api/orders' })])
    expect(read.advice).toBe('ask-engineering')
    expect(read.sentence).toBe(
      "The server answered what it was asked for, and changed nothing; the customer's page says it failed (SyntaxError). " +
        'shop-api answered GET /api/orders. It took 100 ms. ' +
        'Ask engineering whether the page meant to send more, before anybody tries again.',
    )
  })

  test('a page that came round at the next attempt does not disagree any more', () => {
    const again = t.round({ after: 5000, attempt: 2 })
    const steps = [round, ...t.call(round, paid), again, ...t.call(again, { ...paid, attempt: 2, after: 5010 })]
    expect(judged(steps).sentence).toBe(
      'shop-api answered POST /api/orders with 201 at the second attempt. It took 100 ms.',
    )
  })

  test('what a page said of an earlier attempt is out of date once a later one was answered', () => {
    const [, unreported] = t.call(t.round(), { ...paid, attempt: 2, after: 5010, person: 'C-1' })
    const [call, served] = t.call(round, { ...paid, person: 'C-1', fails: '402' })
    expect(judged([round, call, served, unreported]).sentence).toBe(
      'shop-api answered POST /api/orders with 201 at the second attempt; the bank declined one. It took 100 ms.',
    )
  })

  test('a crash after the action had ended well is told, too', () => {
    const [call, served] = t.call(t.round(), paid)
    const ended = t.round({ id: call.parentId! })
    const crash = t.round({ action: 'failed', fails: 'TypeError', failure: 'render', parentId: ended.id, after: 900 })
    expect(judged([ended, call, served, crash]).sentence).toContain(
      "The server finished it; the customer's page says it failed (the page crashed while it was drawn, TypeError). ",
    )
    const another = { ...crash, parentId: 'a'.repeat(16) }
    expect(judged([ended, call, served, another])).toEqual(judged([ended, call, served]))
  })

  test('where the server failed, too, there is one statement', () => {
    expect(judged([round, ...t.call(round, { fails: '500' })]).sentence).toBe(
      'shop-api answered POST /api/orders; the answer was 500. ' +
        'It is not known what was changed: ask engineering before anybody tries again.',
    )
  })
})

describe('without a step of a server the page’s word decides, and is marked', () => {
  const t = trailOf()
  const failed = (over: object): Step => t.round({ name: 'Show page', action: 'failed', fails: 'TypeError', ...over })
  const round = failed({})
  const offline = (name: string): Step[] => [
    round,
    t.step({ hop: 'browser', name, parentId: round.id, claimed: true, fails: 'TypeError' }),
  ]
  const AS = "As the customer's browser reported it, "
  const ASK = ' It is not known what was changed: ask engineering before anybody tries again.'
  const RETRY = ' Nothing was changed, so the customer can try again.'

  test.each([
    [
      'a call',
      offline('POST /api/orders'),
      'shop-web called POST /api/orders; no answer reached the browser (TypeError).' + ASK,
    ],
    [
      'a read',
      offline('GET /api/orders'),
      'shop-web called GET /api/orders; no answer reached the browser (TypeError).' + RETRY,
    ],
    [
      'the application',
      [failed({ fails: 'SyntaxError' })],
      'shop-web reported “Show page”; the page says that it failed (SyntaxError).' + ASK,
    ],
    [
      'a crash',
      [failed({ failure: 'render' })],
      'shop-web reported “Show page”; the page crashed while it was drawn (TypeError).' + RETRY,
    ],
    [
      'a page that was left',
      [t.round({ action: 'abandoned' }), { ...offline('GET /api/pay')[1]!, error: { type: 'page_left' } }],
      'shop-web called GET /api/pay; the customer left the page before an answer came.' + RETRY,
    ],
    ['a success', [t.round({ durationMs: 1234 })], '“Buy” succeeded. It took 1.2 s.'],
  ] as const)('%s', (_, steps, sentence) => {
    expect(judged(steps)).toMatchObject({ sentence: AS + sentence })
  })

  test('a browser cannot declare what became of the business', () => {
    const lie = { effect: 'none', remains: 'nothing happened' } as const
    const outcome = outcomeOf(
      offline('POST /api/orders').map((step) => ({ ...step, ...lie })),
      { now },
    )
    expect(outcome).toMatchObject({ advice: 'ask-engineering', remains: null })
    expect(outcome.sentence).not.toContain('nothing happened')
  })
})

describe('attempts', () => {
  const t = trailOf()
  const pay = (attempt: number, over: object): Step[] => {
    const round = t.round({ after: attempt * 600_000, attempt, ...(attempt < 3 && { action: 'failed', fails: '402' }) })
    return [round, ...t.call(round, { name: 'POST /api/checkout', attempt, after: attempt * 600_000, ...over })]
  }
  const declined = { fails: '402', effect: 'none' } as const
  const paid = { effect: 'done', remains: 'paid', durationMs: 320, attributes: { 'http.response.status_code': 201 } }

  test('declined twice, then paid', () => {
    expect(judged([...pay(1, declined), ...pay(2, declined), ...pay(3, paid)])).toEqual({
      state: 'succeeded',
      hop: null,
      advice: 'none',
      sentence:
        'shop-api answered POST /api/checkout with 201: paid at the third attempt; the bank declined two. It took 320 ms.',
      todo: 'Nothing',
    })
  })

  test('declined three times', () => {
    const steps = [...pay(1, declined), ...pay(2, declined), ...pay(3, declined)]
    expect(judged(steps)).toMatchObject({
      advice: 'customer-other-card',
      sentence:
        'shop-api answered POST /api/checkout; the bank declined it (402), on the last of 3 attempts. ' +
        'Nothing was changed, so the customer can pay with another card.',
    })
  })

  const job = { hop: 'worker', name: 'refunds', jobId: 'j1', maxAttempts: 3 } as const
  const tries = [1, 2, 3].map((attempt) =>
    t.step({ ...job, attempt, after: attempt * 300_000, fails: 'timeout', durationMs: 30_000 }),
  )

  test('a third attempt that is going on', () => {
    const going = { ...t.step({ ...job, attempt: 3, after: 900_000 }), status: 'running' as const }
    expect(judged([...tries.slice(0, 2), going], T0 + 901_000)).toMatchObject({
      state: 'running',
      sentence: 'It is still going on: refund-worker worked on refunds; 2 attempts failed, the third is going on.',
      todo: 'Wait; it is still going on',
    })
  })

  test('a third attempt that is to come', () => {
    expect(judged(tries.slice(0, 2), T0 + 700_000).sentence).toBe(
      'It is still going on: refund-worker worked on refunds; 2 attempts failed, the third is to come.',
    )
  })

  test('a job that came right in the end took as long as the customer waited', () => {
    const round = t.round()
    const [call, served] = t.call(round, { name: 'POST /api/refunds' })
    const queued = t.step({ hop: 'queue', name: 'refunds', parentId: served.id, jobId: 'j1', after: 20 })
    const good = t.step({ ...job, parentId: queued.id, attempt: 3, after: 613_000, durationMs: 10 })
    expect(judged([round, call, served, queued, ...tries.slice(0, 2), good]).sentence).toBe(
      'shop-api answered POST /api/refunds, then refund-worker worked on refunds at the third attempt; two timed out. ' +
        'It took 10 min 13 s.',
    )
  })

  test('a job that was given up was set aside, whatever its queue is called', () => {
    const letter = t.step({
      ...job,
      jobId: 'j9',
      name: 'parking-lot',
      deadLetter: true,
      effect: 'held',
      remains: 'refund pending review',
      after: 2e6,
    })
    expect(judged([...tries, letter], T0 + 3e6)).toMatchObject({
      state: 'failed',
      advice: 'manual-fix',
      sentence:
        'refund-worker worked on refunds; it timed out after 30.0 s, on the last of 3 attempts. ' +
        'After its last attempt the job was set aside for a person (dead-lettered). ' +
        'It was left like this: refund pending review. Somebody has to finish it by hand.',
      todo: 'Somebody finishes it by hand: refund pending review',
    })
    const lost = { ...letter, status: 'error', error: { type: 'ECONNREFUSED' } } as const
    expect(judged([...tries, lost], T0 + 3e6).sentence).not.toContain('set aside')
  })
})

describe('advice', () => {
  const t = trailOf()
  const round = t.round()
  const api = (fails: string, over: object = {}): Step[] => [round, ...t.call(round, { fails, ...over })]
  const none = { effect: 'none' } as const

  test.each([
    ['503', none, 'customer-retry'],
    ['402', none, 'customer-other-card'],
    ['422', none, 'customer-correct'],
    ['400', none, 'customer-correct'],
    ['401', none, 'customer-sign-in'],
    ['404', none, 'no-retry'],
    ['410', none, 'no-retry'],
    ['404', { name: 'GET /api/orders/:id' }, 'no-retry'],
    ['410', { name: 'GET /api/orders/:id' }, 'no-retry'],
    ['422', { name: 'GET /api/search' }, 'customer-correct'],
    ['503', {}, 'ask-engineering'],
    ['402', {}, 'ask-engineering'],
    ['422', {}, 'ask-engineering'],
    ['503', { effect: 'held' }, 'manual-fix'],
    ['503', { effect: 'done' }, 'ask-engineering'],
  ] as const)('a call answered %s, %o, gives %s', (fails, over, advice) => {
    const outcome = judged(api(fails, over))
    expect(outcome.advice).toBe(advice)
    if (['404', '410', '422'].includes(fails)) expect(outcome.sentence + outcome.todo).not.toMatch(/try again|retry/i)
  })

  test.each(['400', '401', '402', '413', '422', 'card_declined'])(
    'what a worker, or a call of a server, got for an answer (%s) is nothing that the customer changes',
    (fails) => {
      const [, served] = t.call(round, none)
      const job = { fails, parentId: served.id, after: 200, ...none }
      expect(judged([served, t.step({ hop: 'worker', name: 'refund', ...job })])).toMatchObject({
        state: 'failed',
        advice: 'customer-retry',
        sentence: expect.not.stringMatching(/signed in|other card|correct/),
      })
      for (const side of ['client', 'internal']) {
        const call = { hop: 'api', name: 'POST /charges', fails, attributes: { 'span.kind': side }, ...none } as const
        expect(judged([t.step(call)]).advice).toBe('customer-retry')
      }
      const tool = { hop: 'tool', name: 'charge', service: 'shop-api', fails, after: 20, ...none } as const
      const [, failed] = t.call(round, { fails: '503', ...none })
      expect(judged([failed, t.step({ ...tool, parentId: failed.id })]).advice).toBe('customer-retry')
    },
  )

  test('one step that could have changed something and did not say so is enough not to try again', () => {
    const failed = api('503', none)
    expect(judged([...failed, ...t.call(round, { name: 'POST /api/stock', after: 50 })]).advice).toBe('ask-engineering')
    const [, , served] = failed
    const inside = { parentId: served!.id, after: 20 } as const
    const elsewhere = t.step({ hop: 'api', name: 'POST /stock', service: 'stock', ...inside })
    expect(judged([...failed, elsewhere]).advice).toBe('ask-engineering')
    expect(judged([...failed, { ...elsewhere, effect: 'none' }]).advice).toBe('customer-retry')
    const job = t.step({ hop: 'worker', name: 'mail', ...inside })
    expect(judged([...failed, job]).advice).toBe('ask-engineering')
    expect(judged([...failed, { ...job, service: 'shop-api' }]).advice).toBe('ask-engineering')
    // Whoever declared the step around it wrote this, too.
    const own = t.step({ hop: 'database', name: 'INSERT orders', service: 'shop-api', ...inside })
    expect(judged([...failed, own]).advice).toBe('customer-retry')
    expect(judged([...failed, { ...own, effect: 'done' }]).advice).toBe('ask-engineering')
  })

  test('an earlier attempt that did not say so counts, too', () => {
    const again = t.call(round, { fails: '503', attempt: 2, after: 500, ...none })
    expect(judged([...api('503'), ...again]).advice).toBe('ask-engineering')
    expect(judged([...api('503', none), ...again]).advice).toBe('customer-retry')
  })

  test('an action that the application calls repeatable can be tried again, unless a server knows better', () => {
    const search = t.round({ name: 'Save draft', repeatable: true, action: 'failed', fails: '503' })
    const failed = t.call(search, { fails: '503' })
    expect(judged([search, ...failed])).toMatchObject({
      advice: 'customer-retry',
      todo: 'The customer can try again; the application allows it to be done twice',
    })
    expect(judged([search, ...t.call(search, { fails: '503', effect: 'held' })]).advice).toBe('manual-fix')
    expect(judged([search, ...t.call(search, { fails: '503', effect: 'done' })]).advice).toBe('ask-engineering')
    const offline = t.step({
      hop: 'browser',
      name: 'POST /api/draft',
      parentId: search.id,
      claimed: true,
      fails: 'TypeError',
    })
    expect(judged([search, offline]).advice).toBe('customer-retry')
  })

  test('a run is run again, and a webhook delivered again, by whoever does that', () => {
    expect(judged([t.step({ hop: 'schedule', name: 'sync', fails: 'X', effect: 'none' })]).advice).toBe('rerun')
    expect(judged([t.step({ hop: 'webhook', name: 'paid', fails: '503', effect: 'none' })]).advice).toBe('redeliver')
  })
})

describe('batches', () => {
  const t = trailOf()
  const run = t.step({ hop: 'schedule', name: 'nightly sync', service: 'shop-worker', durationMs: 9000 })
  const items = (count: number, over: (at: number) => object = () => ({})): Step[] =>
    Array.from({ length: count }, (_, at) =>
      t.step({
        hop: 'schedule',
        name: 'sync the order',
        service: 'shop-worker',
        parentId: run.id,
        after: at * 100,
        facts: { shop: 'north', order: `A-${1000 + at}` },
        ...over(at),
      }),
    )
  const refused = { fails: '23505' }

  test('name the item that failed', () => {
    expect(judged([run, ...items(32, (at) => (at === 17 ? refused : {}))])).toEqual({
      state: 'failed',
      hop: 'schedule',
      advice: 'ask-engineering',
      sentence:
        'shop-worker ran “nightly sync” on schedule: 31 of 32 done; order A-1017 failed (a constraint of the database refused it, 23505). ' +
        'It is not known what was changed: ask engineering before anybody tries again.',
      todo: 'Ask engineering before anybody tries again',
    })
  })

  test('name three, and count the rest', () => {
    expect(judged([run, ...items(9, (at) => (at % 2 ? { fails: 'Error', effect: 'none' } : {}))])).toMatchObject({
      advice: 'rerun-failed',
      sentence:
        'shop-worker ran “nightly sync” on schedule: 5 of 9 done; order A-1001 failed (Error); order A-1003 failed (Error); ' +
        'order A-1005 failed (Error); 1 more failed. What failed changed nothing, so that part can be done again.',
    })
  })

  test('count what the run says of its items, whether or not each is told', () => {
    const said = (done: number, failed: number, name = 'sync the order'): Step => ({
      ...run,
      attributes: { 'waybill.items.name': name, 'waybill.items.done': done, 'waybill.items.failed': failed },
    })
    const told = items(32, (at) => (at === 17 ? refused : {}))
    expect(judged([said(4996, 4), ...told]).sentence).toContain(
      ': 4,996 of 5,000 done; order A-1017 failed (a constraint of the database refused it, 23505); 3 more failed.',
    )
    expect(judged([said(5000, 0), ...items(2)]).sentence).toContain('(5,000 of 5,000 done)')
    expect(judged([said(4990, 10), ...items(2)])).toMatchObject({ state: 'failed', advice: 'ask-engineering' })
    expect(judged([said(9, 9, 'something else'), ...told]).sentence).toContain(': 31 of 32 done;')
  })

  test('hold together where no fact tells their items apart, if the run says that it had any', () => {
    const attributes = { 'waybill.items.name': 'sync the order', 'waybill.items.done': 2, 'waybill.items.failed': 1 }
    const told = items(3, (at) => ({ facts: {}, ...(at === 1 && refused) }))
    expect(judged([{ ...run, attributes }, ...told]).sentence).toContain(
      ': 2 of 3 done; one failed (a constraint of the database refused it, 23505).',
    )
  })

  test('keep to their items when the whole run is done again', () => {
    const first = items(4, (at) => ({ attempt: 1, ...(at === 1 && refused) }))
    const second = items(4, (at) => ({ attempt: 2, after: 5000 + at, ...(at === 1 && refused) })).toReversed()
    for (const again of [second, second.slice(-1)])
      expect(judged([run, ...first, ...again]).sentence).toContain(': 3 of 4 done; order A-1001 failed (')
  })

  test('are done when all items are, also at a later attempt', () => {
    const retried = items(3, (at) => (at === 1 ? { ...refused, attempt: 1 } : {}))
    const again = { ...retried[1]!, id: 'c'.repeat(16), status: 'ok' as const, error: undefined, attempt: 2 }
    expect(judged([run, ...retried, again]).sentence).toBe(
      'shop-worker ran “nightly sync” on schedule (3 of 3 done). It took 9.0 s.',
    )
  })
})

describe('a write that the page says it sent, and of which no server tells', () => {
  const t = trailOf()
  const round = t.round({ name: 'Pay', action: 'abandoned' })
  const read = t.call(round, { name: 'GET /api/cart', attributes: { 'http.response.status_code': 200 } })
  const pay = (fields: Partial<Parameters<typeof t.step>[0]> = {}): Step =>
    t.step({ hop: 'browser', name: 'POST /api/pay', parentId: round.id, claimed: true, after: 500, ...fields })
  const also = " The customer's page also sent POST /api/pay, and no server tells of that."
  const unsure = ' It is not known what was changed: ask engineering before anybody tries again.'

  test.each([{}, { fails: 'TypeError' }, { fails: 'page_left' }])('leaves open how it ended: %o', (fields) => {
    expect(judged([round, ...read, pay(fields)])).toEqual({
      state: 'unknown',
      hop: 'browser',
      advice: 'ask-engineering',
      sentence: `shop-api answered GET /api/cart with 200. It took 100 ms.${also}${unsure}`,
      todo: 'Ask engineering before anybody tries again',
    })
  })

  test('is no reason to try again where something else failed', () => {
    const refused = t.call(round, { name: 'POST /api/orders', fails: '503', effect: 'none' })
    const { state, advice, sentence } = judged([round, ...refused, pay()])
    expect([state, advice]).toEqual(['failed', 'ask-engineering'])
    expect(sentence).toContain(also)
  })

  test('counts by its last attempt, and reads do not', () => {
    const paid = t.call(round, { name: 'POST /api/pay', after: 900, attempt: 2, effect: 'done' })
    expect(judged([round, pay({ fails: 'TypeError' }), ...paid])).toMatchObject({ state: 'succeeded', advice: 'none' })
    expect(judged([round, ...paid, pay({ after: 2000, attempt: 3 })])).toMatchObject({ state: 'unknown' })
    expect(judged([round, ...paid, pay({ name: 'GET /api/orders', fails: 'TypeError' })])).toMatchObject({
      state: 'succeeded',
    })
  })

  test('of a stranger, whose action is another, says nothing', () => {
    const other = t.round({ session: 's-2' })
    const strange = t.step({ hop: 'browser', name: 'POST /api/pay', parentId: other.id, claimed: true })
    expect(judged([round, ...read, other, strange])).toMatchObject({ state: 'succeeded', advice: 'none' })
  })
})

test('a stranger’s word that an action may be repeated counts for nothing beside the page’s own', () => {
  const t = trailOf()
  const round = t.round({ name: 'Pay', action: 'failed', fails: 'TypeError' })
  const call = t.step({ hop: 'browser', name: 'POST /api/pay', parentId: round.id, claimed: true, fails: 'TypeError' })
  const strange = t.round({ name: 'Pay', session: 's-2', repeatable: true })
  expect(judged([round, call, strange]).advice).toBe(judged([round, call]).advice)
  expect(judged([{ ...round, repeatable: true }, call]).todo).toContain('can try again')
})

test('says whether it rests on browsers’ words alone', () => {
  const t = trailOf()
  const round = t.round()
  const [call, served] = t.call(round, { attributes: { 'http.response.status_code': 201 } })
  const ticket = t.step({ hop: 'support', name: 'ticket ZD-1', service: 'zendesk', after: 9e5 })
  const unknown = t.step({ hop: 'api', name: 'GET /nothing', fails: '404', after: 900 })
  expect(outcomeOf([round, call], { now }).isClaimed).toBe(true)
  expect(outcomeOf([round, call, ticket], { now }).isClaimed).toBe(true)
  expect(outcomeOf([round, call, unknown], { now }).isClaimed).toBe(true)
  expect(outcomeOf([round, call, served], { now }).isClaimed).toBe(false)
  expect(outcomeOf([served], { now }).isClaimed).toBe(false)
})
