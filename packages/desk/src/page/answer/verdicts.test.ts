import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { T0, trailOf } from '../../../../trail/fixtures/trailOf.ts'
import type { TrailBuilder } from '../../../../trail/fixtures/trailOf.ts'

let pages: Pages
beforeAll(async () => void (pages = await openPages()))
afterAll(() => pages[Symbol.asyncDispose]())

const created = { 'http.response.status_code': 201 }
const none = { effect: 'none' } as const

/** What each kind of trail looks like; the sentences themselves are asserted whole where they are made, in trail. */
const TRAILS: Readonly<Record<string, (t: TrailBuilder) => Step[]>> = {
  'a read that failed beside a write that finished': (t) => {
    const round = t.round()
    return [
      round,
      ...t.call(round, { attributes: created }),
      ...t.call(round, { name: 'GET /api/orders', fails: '500', after: 900 }),
    ]
  },
  'requests of strangers': (t) => {
    const round = t.round()
    const strange = t.step({ hop: 'api', name: 'GET /api/nothing-here', fails: '404', after: 900 })
    return [round, ...t.call(round, { attributes: created }), strange]
  },
  'a run that failed later': (t) => {
    const round = t.round()
    return [
      round,
      ...t.call(round, { attributes: created }),
      t.step({ hop: 'schedule', name: 'sync', fails: '23505', after: 9e5 }),
    ]
  },
  'a page that could not read the answer': (t) => {
    const round = t.round({ action: 'failed', fails: 'SyntaxError' })
    return [round, ...t.call(round, { attributes: created })]
  },
  'a page that crashed': (t) => {
    const round = t.round({ action: 'failed', fails: 'TypeError', failure: 'render' })
    return [round, ...t.call(round, { attributes: created })]
  },
  'a crash without a call': (t) => [
    t.round({ name: 'Show page', action: 'failed', fails: 'TypeError', failure: 'render' }),
  ],
  'a failed server action': (t) => [t.round({ name: 'Save', action: 'failed', fails: 'Error' })],
  'declined twice, then paid': (t) =>
    [1, 2, 3].flatMap((attempt) => {
      const failed = attempt < 3 ? ({ action: 'failed', fails: '402' } as const) : {}
      const round = t.round({ attempt, after: attempt * 60_000, ...failed })
      const answer = attempt < 3 ? { fails: '402', ...none } : { effect: 'done', remains: 'paid', attributes: created }
      return [round, ...t.call(round, { attempt, after: attempt * 60_000, ...(answer as object) })]
    }),
  'a declined card': (t) => {
    const round = t.round({ action: 'failed', fails: '402' })
    return [round, ...t.call(round, { fails: '402', ...none })]
  },
  'something that is gone': (t) => {
    const round = t.round({ action: 'failed', fails: '410' })
    return [round, ...t.call(round, { name: 'GET /api/orders/:id', fails: '410' })]
  },
  'an action that is repeatable': (t) => {
    const round = t.round({ action: 'failed', fails: '503', repeatable: true })
    return [round, ...t.call(round, { fails: '503' })]
  },
  'a batch with one failure': (t) => {
    const run = t.step({ hop: 'schedule', name: 'nightly sync', durationMs: 9000 })
    const item = { hop: 'schedule', name: 'sync the order', parentId: run.id } as const
    return [
      run,
      ...Array.from({ length: 32 }, (_, at) =>
        t.step({ ...item, facts: { order: `A-${1000 + at}` }, ...(at === 17 && { fails: '23505' }) }),
      ),
    ]
  },
  'a job that was given up': (t) => {
    const job = {
      hop: 'worker',
      name: 'refunds',
      jobId: 'j1',
      maxAttempts: 2,
      fails: 'timeout',
      durationMs: 30_000,
    } as const
    const letter = {
      hop: 'worker',
      name: 'parking-lot',
      deadLetter: true,
      effect: 'held',
      remains: 'refund pending review',
    } as const
    return [1, 2]
      .map((attempt) => t.step({ ...job, attempt, after: attempt * 60_000 }))
      .concat(t.step({ ...letter, after: 2e5 }))
  },
}

test.each(Object.entries(TRAILS))('%s reads as it is judged', async (_, stepsOf) => {
  const t = trailOf()
  const steps = stepsOf(t)
  const { sentence, state } = outcomeOf(steps, { now: T0 + 3_000_000 })
  await pages.send({
    browser: steps.filter((step) => step.claimed),
    servers: steps.filter((step) => !step.claimed),
  })
  await using visit = await pages.visit(`/trail/${t.reference}`)
  const answer = visit.page.locator('.answer')
  await answer.getByText(sentence, { exact: true }).waitFor()
  expect(await answer.getByRole('definition').last().innerText()).toMatch(/^Retry: (?:yes|no|not needed)\b.+\.$/)
  expect(await answer.getAttribute('data-outcome')).toBe(state)
  expect(await axeViolations(visit.page)).toEqual([])
  expect(visit.complaints).toEqual([])
})

test('a disagreement is seen at first glance, and strangers’ requests only when one looks for them', async () => {
  const t = trailOf()
  const round = t.round({ action: 'failed', fails: 'SyntaxError' })
  const [claim, served] = t.call(round, { attributes: created })
  const strange = t.step({ hop: 'api', name: 'GET /api/nothing-here', fails: '404', after: 900 })
  await pages.send({
    browser: [round, claim, t.round({ name: 'Call +1 900', session: 's-2' })],
    servers: [served, strange],
  })
  await using visit = await pages.visit(`/trail/${t.reference}`)
  const { page } = visit
  await page.locator('.eyebrow').getByText('but the customer’s page says it failed').waitFor()
  await page.getByText('Nothing at the servers; the customer’s page says it failed (SyntaxError)').waitFor()
  const apart = page.getByText('GET /api/nothing-here')
  expect(await apart.isVisible()).toBe(false)
  await page.getByText('Other requests under this reference (1)').click()
  expect(await apart.isVisible()).toBe(true)
  await page.getByText('Reported by browsers alone (1)').click()
  await page.getByText('“Call +1 900”').waitFor()
  expect(await axeViolations(page)).toEqual([])
})

test('the items of a batch are one row, which names those that failed', async () => {
  const t = trailOf()
  const steps = TRAILS['a batch with one failure']!(t)
  await pages.send({ browser: [], servers: steps })
  await using visit = await pages.visit(`/trail/${t.reference}`)
  const row = visit.page.locator('.timeline').getByRole('button', { name: '31 of 32 done' })
  await row.getByText('order A-1017: a constraint of the database refused it (23505)').waitFor()
  expect(await visit.page.locator('.timeline button.line').count()).toBe(2)
  await row.click()
  expect(await visit.page.locator('.timeline button.line').count()).toBe(34)
})

test('many log lines below a warning are folded, and an error among them stands in its place', async () => {
  const t = trailOf()
  const round = t.round()
  const [claim, served] = t.call(round, { attributes: created })
  const line = (severity: string, n: number) =>
    t.step({
      hop: 'log',
      name: `line ${n}`,
      parentId: served.id,
      after: 20 + n,
      durationMs: 0,
      attributes: { 'waybill.log.severity': severity },
    })
  const lines = Array.from({ length: 40 }, (_, n) => line('info', n))
  await pages.send({ browser: [round, claim], servers: [served, ...lines, line('error', 99)] })
  await using visit = await pages.visit(`/trail/${t.reference}`)
  const { page } = visit
  await page.getByText('logged an error: line 99').waitFor()
  expect(await page.getByText('logged: line 7').isVisible()).toBe(false)
  expect(await page.locator('.eyebrow').first().innerText()).toMatch(/succeeded/i)
  await page.getByText('Log lines and events below a warning (40)').click()
  await page.getByText('logged: line 7').waitFor()
  expect(await axeViolations(page)).toEqual([])
})
