import { mintSpanId } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeViolations, openPages } from '../../../fixtures/openPage.ts'
import type { Pages } from '../../../fixtures/openPage.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { trailOf } from '../../../../trail/fixtures/trailOf.ts'
import type { Match } from '../../lookup/Match.ts'

let pages: Pages
const refund = refundTrail()
const HOURS_20 = 72_000_000

beforeAll(async () => {
  pages = await openPages()
  await pages.send(refund)
})
afterAll(() => pages[Symbol.asyncDispose]())

describe('causes', () => {
  test('rows stand under what caused them, at their level, and are in order for those who listen', async () => {
    await using visit = await opened(refund.reference)
    const { page } = visit
    expect(await levelsOf(page)).toEqual([
      '1 The customer began',
      '2 shop-web called POST',
      '3 shop-api answered POST',
      '4 shop-api used the',
      '4 shop-api queued refund',
      '5 1.2 s in',
      '5 refund-worker worked on',
      '5 refund-worker queued refund-dead-letter',
    ])
    const indents = await page
      .locator('.row .hop')
      .evaluateAll((icons) => icons.map((i) => i.getBoundingClientRect().x))
    expect(indents.slice(0, 4)).toEqual(indents.slice(0, 4).toSorted((a, b) => a - b))
    expect(new Set(indents.slice(0, 4)).size).toBe(4)
    expect(await page.locator('.row[aria-level="4"]').first().getAttribute('aria-posinset')).toBe('1')
    expect(await page.locator('.row[aria-level="4"]').first().getAttribute('aria-setsize')).toBe('2')
  })

  test('left closes, folds and goes to the cause; right unfolds and opens', async () => {
    await using visit = await opened(refund.reference)
    const { page } = visit
    const press = (key: string): Promise<void> => page.keyboard.press(key)
    await line(page, /answered POST/).focus()
    await press('ArrowLeft')
    await line(page, /answered POST.* 12 steps hidden, 6 failed/).waitFor()
    expect(await page.locator('.row').count()).toBe(3)
    await page.getByText('12 steps hidden, 6 failed').last().waitFor({ state: 'attached' })
    expect(await page.locator('.timeline output').last().innerText()).toBe('12 steps hidden, 6 failed')
    await press('ArrowLeft')
    expect(await focused(page)).toContain('shop-web called')
    await press('ArrowDown')
    await press('ArrowRight')
    await line(page, /used the database/).waitFor()
    expect(await page.locator('.details').count()).toBe(0)
    await press('ArrowRight')
    expect(await page.locator('.details').count()).toBe(1)
    await press('End')
    expect(await focused(page)).toContain('refund-dead-letter')
    await press('ArrowLeft')
    expect(await focused(page)).toContain('queued refund')
    await press('Home')
    expect(await focused(page)).toContain('The customer began')
  })

  test('a button beside the row folds as well, and says what it holds', async () => {
    await using visit = await opened(refund.reference)
    const button = visit.page.getByRole('button', { name: '14 steps that this led to' })
    expect(await button.getAttribute('aria-expanded')).toBe('true')
    await button.click()
    expect(await button.getAttribute('aria-expanded')).toBe('false')
    expect(await visit.page.locator('.row').count()).toBe(1)
    expect(await axeViolations(visit.page)).toEqual([])
  })

  test('a very long part that went well is folded at first, one that failed is open', async () => {
    const t = trailOf()
    const whole = t.step({ hop: 'api', name: 'whole' })
    const part = (name: string, fails?: string): Step[] => {
      const run = t.step({ hop: 'api', name, parentId: whole.id })
      const lookUp = (n: number): Step =>
        t.step({ hop: 'database', name: `SELECT ${n}`, parentId: run.id, ...(fails && n === 7 && { fails }) })
      return [run, ...Array.from({ length: 210 }, (_, n) => lookUp(n))]
    }
    await send([whole, ...part('went well'), ...part('went wrong', '23505')])
    await using visit = await opened(t.reference)
    await line(visit.page, /went well.*210 steps hidden/).waitFor()
    expect(await line(visit.page, /went wrong/).innerText()).not.toContain('hidden')
  })

  test('log lines of an attempt stand inside it, many of them in one row', async () => {
    const t = trailOf()
    const run = (attempt: number, fails?: string): Step =>
      t.step({ hop: 'worker', name: 'refunds', jobId: 'j1', attempt, after: attempt * 500, ...(fails && { fails }) })
    const [first, second] = [run(1, 'timeout'), run(2)]
    const lines = (around: Step, count: number): Step[] =>
      Array.from({ length: count }, (_, n) =>
        t.step({
          hop: 'log',
          name: `${around.attempt}: line ${n}`,
          parentId: around.id,
          durationMs: 0,
          after: 1000 + n,
        }),
      )
    await send([first, second, ...lines(first, 2), ...lines(second, 9)])
    await using visit = await opened(t.reference)
    const { page } = visit
    await line(page, /2 attempts/).click()
    await line(page, /logged: 1: line 1/).waitFor()
    await line(page, 'Log lines and events below a warning (9)').click()
    await line(page, /logged: 2: line 8/).waitFor()
    expect(await page.locator('[aria-level="4"]', { hasText: 'logged: 2:' }).count()).toBe(9)
  })
})

describe('time', () => {
  test('a wait of twenty hours does not crush the bars, and is said to be shortened', async () => {
    const late = refundTrail({ begunAt: Date.now() - HOURS_20 - 600_000 })
    const isLater = ({ hop, name }: Step): boolean =>
      ['worker', 'tool', 'model'].includes(hop) || name.endsWith('dead-letter')
    await pages.send({
      browser: late.browser,
      servers: late.servers.map((step) => (isLater(step) ? { ...step, at: step.at + HOURS_20 } : step)),
    })
    await using visit = await opened(late.reference)
    const { page } = visit
    await page.getByText('20 h 0 min in the queue (shortened in the bars)').waitFor()
    await page.locator('.axis').getByText('waits are shortened').waitFor()
    expect(await page.locator('.axis .tick').allInnerTexts()).toEqual(['+0\u00a0s', '+20\u00a0h'])
    const [track, stretch] = await Promise.all(
      ['.track', '.stretch'].map((part) =>
        line(page, /3 attempts/)
          .locator(part)
          .first()
          .boundingBox(),
      ),
    )
    expect(stretch!.width).toBeGreaterThan(track!.width / 5)
    expect(await axeViolations(page)).toEqual([])
  })

  test('a short trail is drawn evenly', async () => {
    await using visit = await opened(refund.reference)
    expect(await visit.page.getByText('shortened').count()).toBe(0)
    expect(await visit.page.locator('.break').count()).toBe(0)
  })

  test('work that goes on is drawn to now, further at each refresh, and no more after an hour of silence', async () => {
    const t = trailOf()
    const begun = Date.now()
    const [served, run] = [
      t.step({ hop: 'api', name: 'GET /a' }),
      t.step({ hop: 'worker', name: 'refunds', startedFor: mintSpanId(), durationMs: 0, after: 1000 }),
    ].map((step, at) => ({ ...step, at: begun - 4000 + at * 1000 }))
    await send([served!, run!])
    await using visit = await pages.visit()
    const { page, context } = visit
    await context.clock.install({ time: begun })
    await page.goto(`${pages.url}/trail/${t.reference}`)
    const row = line(page, /worked on refunds/)
    await row.getByText('going on').waitFor()
    const look = row.locator('.stretch')
    const widthOf = async (bar: typeof look): Promise<number> => (await bar.boundingBox())!.width
    const other = line(page, /GET \/a/).locator('.stretch')
    expect(await widthOf(look)).toBeGreaterThan(10 * (await widthOf(other)))
    const before = await widthOf(other)
    await context.clock.runFor(6000)
    await expect.poll(() => widthOf(other)).toBeLessThan(before)
    expect(await look.getAttribute('data-look')).toBe('running')
    expect(await axeViolations(page)).toEqual([])

    await context.clock.setSystemTime(begun + 3_700_000)
    await context.clock.runFor(6000)
    await row.getByText('its end was not reported').waitFor()
    expect(await row.innerText()).toContain('unknown')
    expect(await row.innerText()).not.toContain('going on')
    expect(await look.getAttribute('data-look')).toBe('silent')
  })

  test('plus, minus and zero spread the bars around the row that has focus, which they follow', async () => {
    await using visit = await opened(refund.reference)
    const { page } = visit
    const ticks = async (): Promise<string[]> =>
      (await page.locator('.axis .tick').allInnerTexts()).map((tick) => tick.replace('\u00a0', ' '))
    expect(await ticks()).toEqual(['+0 s', '+60 s'])
    await line(page, /queued refund\s*8/).focus()
    for (let times = 0; times < 8; times++) await page.keyboard.press('+')
    expect((await ticks()).every((tick) => / ms|0\.\d s|0 s/.test(tick))).toBe(true)
    expect(await page.locator('.timeline output').last().innerText()).toMatch(/^\+0\s*s to \+\d+\sms$/)
    expect(
      await line(page, /3 attempts/)
        .locator('.beyond')
        .getAttribute('data-side'),
    ).toBe('after')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toContain('3 attempts')
    expect(
      await line(page, /3 attempts/)
        .locator('.stretch')
        .count(),
    ).toBeGreaterThan(0)
    expect(
      await line(page, /queued refund\s*8/)
        .locator('.beyond')
        .getAttribute('data-side'),
    ).toBe('before')
    await page.keyboard.press('-')
    await page.keyboard.press('0')
    expect(await ticks()).toEqual(['+0 s', '+60 s'])
    await page.getByRole('button', { name: 'Zoom in' }).click()
    expect(await page.locator('.axis-words').innerText()).toMatch(/^\+\d+\ss to \+\d+\ss/)
    await page.getByRole('button', { name: 'Show the whole time' }).click()
    expect(await ticks()).toEqual(['+0 s', '+60 s'])
    await page.getByRole('checkbox', { name: /Single-key shortcuts/ }).uncheck()
    expect(await page.locator('.zoom [aria-keyshortcuts]').count()).toBe(0)
    await line(page, /queued refund\s*8/).focus()
    await page.keyboard.press('+')
    expect(await ticks()).toEqual(['+0 s', '+60 s'])
  })

  test('the customer’s time stands beside the reader’s where it differs, and can be turned to', async () => {
    const at = '2026-11-22T09:14:03.000Z'
    const early = refundTrail({ begunAt: Date.parse(at) })
    await pages.send(early)
    const change = (match: Match): Match => ({ ...match, timeZone: 'Europe/Berlin' })
    await using visit = await opened(early.reference, { change, timezoneId: 'America/New_York' })
    const { page } = visit
    const first = line(page, /The customer began/)
    expect(await first.locator('time').innerText()).toBe('04:14:03.000')
    await page
      .getByText('Times are yours (America/New_York). It began at 10:14:03 for the customer (Europe/Berlin).')
      .waitFor()
    await first.click()
    expect(await page.locator('.details').innerText()).toMatch(
      /for you\s+22 Nov 2026, 04:14:03.000 \(America\/New_York\)\s+for the customer\s+22 Nov 2026, 10:14:03.000 \(Europe\/Berlin\)\s+UTC\s+2026-11-22T09:14:03.000Z/,
    )
    await page.getByRole('button', { name: 'Show the customer’s times' }).click()
    expect(await first.locator('time').innerText()).toBe('10:14:03.000')
    expect(await axeViolations(page)).toEqual([])
  })

  test.each(['America/New_York', 'no/zone', null])(
    'a customer in %s is not spoken of to a reader there',
    async (zone) => {
      const change = (match: Match): Match => ({ ...match, timeZone: zone })
      await using visit = await opened(refund.reference, { change, timezoneId: 'America/New_York' })
      await line(visit.page, /The customer began/).click()
      expect(await visit.page.locator('.history').getByText('for the customer').count()).toBe(0)
      expect(visit.complaints).toEqual([])
    },
  )

  test('a clock that is wrong is told once, and marked on each row that it concerns', async () => {
    const change = (match: Match): Match => ({
      ...match,
      clocks: [
        { service: 'shop-api', claimed: false, aheadMs: 90_000, isLeast: false },
        { service: 'shop-web', claimed: true, aheadMs: -8000, isLeast: true },
      ],
      steps: match.steps.map((step) =>
        step.service === 'shop-api' ? { ...step, atByOwnClock: '2026-11-22T09:15:33.000Z' } : step,
      ),
    })
    await using visit = await opened(refund.reference, { change })
    const { page } = visit
    const notes = page.locator('.clock-notes')
    await notes
      .getByText('The clock of shop-api is 1 min 30 s ahead of the others; its times are corrected here.')
      .waitFor()
    await notes
      .getByText(
        'The clock of the customer’s device is at least 8.0 s behind the others; its times are corrected here.',
      )
      .waitFor()
    expect(await page.locator('.row', { hasText: 'time corrected' }).count()).toBe(3)
    await line(page, /used the database/).click()
    expect(await page.locator('.details').innerText()).toMatch(/by its own clock\s+2026-11-22T09:15:33.000Z/)
    expect(await axeViolations(page)).toEqual([])
  })
})

describe('narrowing', () => {
  const t = trailOf()
  const run = t.step({ hop: 'schedule', name: 'nightly sync', durationMs: 9000 })
  const items = Array.from({ length: 300 }, (_, n) =>
    t.step({ hop: 'schedule', name: 'sync the order', parentId: run.id, facts: { order: `A-${1000 + n}` } }),
  )
  const writes = items.map(({ id }, n) => t.step({ hop: 'database', name: `UPDATE ${n}`, parentId: id }))
  beforeAll(() => send([run, ...items, ...writes]))

  test('text, service and kind narrow the steps; what led to them stays, and says so', async () => {
    await using visit = await opened(t.reference)
    const { page } = visit
    await page.getByPlaceholder('Filter the steps').fill('a-1277')
    await page.getByText('1 of 601 steps shown').waitFor()
    expect(await levelsOf(page)).toEqual([
      '1 shop-schedule ran “nightly',
      '2 shop-schedule ran “sync',
      '3 shop-schedule ran “sync',
    ])
    const context = page.locator('.row[data-context]')
    expect(await context.first().innerText()).toContain('led to what was found')
    await page.getByPlaceholder('Filter the steps').fill('')
    await page.getByLabel('Kind of step').selectOption('database')
    await page.getByText('300 of 601 steps shown').waitFor()
    await page.getByPlaceholder('Filter the steps').fill('update 29')
    await page.getByText('13 of 601 steps shown').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('Service').selectOption('shop-schedule')
    await page.getByText('0 of 601 steps shown').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    expect(await page.locator('.row').count()).toBe(2)
    await page.getByPlaceholder('Filter the steps').fill('+-0')
    expect(await page.getByPlaceholder('Filter the steps').inputValue()).toBe('+-0')
  })

  test('a short time line has nothing to narrow', async () => {
    await using visit = await opened(refund.reference)
    expect(await visit.page.getByPlaceholder('Filter the steps').count()).toBe(0)
  })

  test('an address names a step: it is unfolded, opened and focused, also of a batch that is not shown whole', async () => {
    const { id } = writes[277]!
    await using visit = await opened(t.reference, { hash: `#step-${id}` })
    const { page } = visit
    await expect.poll(() => focused(page)).toContain('UPDATE 277')
    expect(await page.locator(`#step-${id} .details`).innerText()).toContain(id)
    expect(new URL(page.url()).hash).toBe(`#step-${id}`)
    expect(await page.locator(`#step-${id}`).evaluate((row) => row.getBoundingClientRect().top)).toBeGreaterThan(90)
    expect(visit.complaints).toEqual([])
  })

  test('a step that is asked for is shown also out of a filter, without asking the desk again', async () => {
    await using visit = await opened(t.reference)
    const { page } = visit
    await page.getByPlaceholder('Filter the steps').fill('a-1277')
    await page.getByText('1 of 601 steps shown').waitFor()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const { id } = writes[3]!
    const ask = (): Promise<void> =>
      page.evaluate((hash) => {
        history.replaceState(history.state, '', hash)
        dispatchEvent(new HashChangeEvent('hashchange'))
      }, `#step-${id}`)
    await ask()
    await expect.poll(() => focused(page)).toContain('UPDATE 3')
    await page.locator('.timeline .line').first().focus()
    await ask()
    await expect.poll(() => focused(page)).toContain('UPDATE 3')
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([])
  })

  test('the answer leads to the step that failed, and the address names it', async () => {
    await using visit = await opened(refund.reference)
    const { page } = visit
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page
      .locator('.four-facts')
      .getByRole('link', { name: /timed out/ })
      .click()
    await expect.poll(() => focused(page)).toContain('timed out')
    expect(await page.evaluate(() => document.activeElement?.closest('.timeline') !== null)).toBe(true)
    expect(asked.filter((url) => url.includes('/api/'))).toEqual([])
    expect(new URL(page.url()).hash).toMatch(/^#step-[\da-f]{16}$/)
  })
})

describe.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const)('in $colorScheme at $width px', ({ colorScheme, width }) => {
  test('axe finds nothing and nothing stands out at the side, zoomed, folded and narrowed', async () => {
    const t = trailOf()
    const chain = [t.step({ hop: 'api', name: 'level 0' })]
    for (let level = 1; level < 30; level++)
      chain.push(t.step({ hop: 'api', name: `level ${level}`, parentId: chain.at(-1)!.id, after: level * 1e5 }))
    await send(chain)
    await using visit = await opened(t.reference, { colorScheme, viewport: { width, height: 800 } })
    const { page } = visit
    const check = async (state: string): Promise<void> => {
      expect(await axeViolations(page), state).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow, `${state} stands out`).toBeLessThanOrEqual(0)
    }
    await check('deep')
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await check('zoomed')
    await page.getByPlaceholder('Filter the steps').fill('level 29')
    await page.getByText('1 of 30 steps shown').waitFor()
    await check('narrowed')
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
    await check('from right to left')
  })
})

async function send(servers: readonly Step[]): Promise<void> {
  await pages.send({ browser: [], servers })
}

/** The page of a trail; `change` makes the answer say what no step of a test can. */
async function opened(reference: string, { change, hash = '', ...options }: OpenedOptions = {}) {
  const visit = await pages.visit('/', options)
  const { page } = visit
  if (change)
    await page.route('**/api/search', async (route) => {
      const response = await route.fetch()
      const answer = (await response.json()) as { matches: Match[] }
      await route.fulfill({ response, json: { ...answer, matches: answer.matches.map(change) } })
    })
  await page.goto(`${pages.url}/trail/${reference}${hash}`)
  await page.locator('.timeline .row').first().waitFor()
  return visit
}

interface OpenedOptions extends NonNullable<Parameters<Pages['visit']>[1]> {
  readonly change?: (match: Match) => Match
  readonly hash?: string
}

function line(page: Page, name: string | RegExp) {
  return page.locator('.timeline .line').and(page.getByRole('button', { name }))
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}

/** `2 shop-web called POST` for each row. */
function levelsOf(page: Page): Promise<string[]> {
  return page.locator('.timeline .row').evaluateAll((rows) =>
    rows.map((row) => {
      const words = row.querySelector('.what')?.textContent?.split(/\s+/) ?? []
      return `${row.ariaLevel} ${words.slice(0, 3).join(' ').replace(/left$/, '')}`
    }),
  )
}
