// How fast the page's start is with 1,000 failures: npm run bench:page --workspace @waybill/desk
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { startDesk } from '@waybill/desk'
import type { Browser, CDPSession, Page } from 'playwright'
import { build } from 'vite'
import { launchChromium } from '../../../test/launchChromium.ts'
import { failureGroup, failuresAnswer } from '../fixtures/failuresAnswer.ts'
import { BROWSER_KEY, SERVER_KEY, TOKEN } from '../fixtures/openDesk.ts'
import type { FailuresAnswer } from '../src/failures/FailuresAnswer.ts'
import { printTable } from './printTable.ts'

const folder = await mkdtemp(join(tmpdir(), 'waybill-page-'))
const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
await build({ configFile, logLevel: 'error', build: { outDir: folder } })
const desk = await startDesk({
  database: ':memory:',
  readToken: TOKEN,
  ingestKeys: [SERVER_KEY],
  browserKeys: [BROWSER_KEY],
  pageFolder: pathToFileURL(folder + '/'),
  limits: { lookUpsPerMinute: 1000 },
  port: 0,
})
const browser = await launchChromium()

const COUNT = 1000
const sentence = (n: number): string => `refund-worker asked the model: check charge ${n}; no answer within 30.0 s.`
const CASES: readonly Case[] = [
  {
    name: '1,000 groups',
    answer: failuresAnswer(
      Array.from({ length: COUNT }, (_, n) => failureGroup({ id: `group-${n}`, sentence: sentence(n) })),
    ),
    unfold: false,
  },
  { name: '1,000 trails in one', answer: failuresAnswer([failureGroup({ count: COUNT })]), unfold: true },
]

try {
  const rows = [
    ['', 'processor', 'shown after', 'unfolded after', 'a frame’s work', 'longest task', 'late frames', 'elements'],
  ]
  for (const each of CASES)
    for (const slowdown of [1, 4]) {
      const { shownMs, unfoldedMs, workMs, longestTaskMs, frames, elements } = await measure(browser, {
        ...each,
        slowdown,
      })
      const slow = frames.filter((ms) => ms > 34).length
      rows.push([
        each.name,
        slowdown === 1 ? 'as it is' : `${slowdown} times slower`,
        `${Math.round(shownMs)} ms`,
        unfoldedMs === null ? '' : `${Math.round(unfoldedMs)} ms`,
        `${workMs.toFixed(1)} ms`,
        longestTaskMs === 0 ? 'below 50 ms' : `${Math.round(longestTaskMs)} ms`,
        `${slow} of ${frames.length}`,
        String(elements),
      ])
    }
  console.log('The start page: after its data came until it answers, and then scrolled to its end.\n')
  printTable(rows)
} finally {
  await browser.close()
  await desk.stop()
  await rm(folder, { recursive: true })
}

interface Case {
  readonly name: string
  readonly answer: FailuresAnswer
  /** Whether the first group is unfolded. */
  readonly unfold: boolean
}

interface CaseOptions extends Case {
  /** How many times slower the processor is made. */
  readonly slowdown: number
}

interface PageMeasures {
  readonly shownMs: number
  readonly unfoldedMs: number | null
  /** Of the processor, while it was scrolled, a frame; what else the machine did meanwhile is not in it. */
  readonly workMs: number
  /** While it was scrolled, by the clock; 0 where none was as long as a long task, 50 ms. */
  readonly longestTaskMs: number
  /** How long each frame took. */
  readonly frames: readonly number[]
  /** Most elements on the page. */
  readonly elements: number
}

async function measure(browser: Browser, { answer, unfold, slowdown }: CaseOptions): Promise<PageMeasures> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.request.post(`${desk.url}/login`, { data: TOKEN })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.route('**/api/failures?*', (route) => route.fulfill({ json: answer }))
  await page.goto(desk.url)
  const shownMs = await settledAfter(page, '.failure', 'answer')
  let unfoldedMs: number | null = null
  if (unfold) {
    await page.evaluate(() => document.querySelector<HTMLElement>('.failure h4 button')?.click())
    unfoldedMs = await settledAfter(page, '.failed-trails li', 'now')
  }
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await workOf(devtools)
  const scrolled = await page.evaluate(scrollToEnd)
  const workMs = ((await workOf(devtools)) - before) / scrolled.frames.length
  await context.close()
  return { shownMs, unfoldedMs, workMs, ...scrolled }
}

/** Milliseconds of the processor that the page's main thread took so far. */
async function workOf(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
}

/** Until the element is there, drawn, and the page does something else again; counted from the failures' answer or from now. */
async function settledAfter(page: Page, selector: string, from: 'answer' | 'now'): Promise<number> {
  const begun = await page.evaluate(() => performance.now())
  await page.waitForFunction((wanted) => document.querySelector(wanted) !== null, selector)
  return await page.evaluate(
    async ({ from, begun }) => {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
      const [answer] = performance
        .getEntriesByType('resource')
        .filter((entry): entry is PerformanceResourceTiming => entry.name.includes('/api/failures'))
      return performance.now() - (from === 'answer' ? answer!.responseEnd : begun)
    },
    { from, begun },
  )
}

/** Runs in the page: scrolls 300 pixels with each frame. */
async function scrollToEnd(): Promise<Pick<PageMeasures, 'longestTaskMs' | 'frames' | 'elements'>> {
  let longestTaskMs = 0
  let elements = 0
  const frames: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  })
  observer.observe({ type: 'longtask' })
  const root = document.documentElement
  let before = performance.now()
  while (scrollY + innerHeight < root.scrollHeight - 1) {
    scrollBy(0, 300)
    await new Promise(requestAnimationFrame)
    frames.push(performance.now() - before)
    before = performance.now()
    elements = Math.max(elements, document.querySelectorAll('*').length)
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.disconnect()
  return { longestTaskMs, frames, elements }
}
