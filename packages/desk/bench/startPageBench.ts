// How fast the page's start is with 1,000 failures: npm run bench:page --workspace @waybill/desk
import type { Page } from 'playwright'
import { failureGroup, failuresAnswer } from '../fixtures/failuresAnswer.ts'
import type { FailuresAnswer } from '../src/failures/FailuresAnswer.ts'
import { longestTask, scrollThrough } from './measurePage.ts'
import { openBuiltPage } from './openBuiltPage.ts'
import { shown } from './printMeasures.ts'
import { printTable } from './printTable.ts'

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

await using built = await openBuiltPage()
const rows = [['', 'processor', 'shown after', 'unfolded after', 'longest task', 'on the processor', 'elements']]
for (const each of CASES)
  for (const slowdown of [1, 4]) {
    // oxlint-disable-next-line no-await-in-loop -- each by itself
    rows.push(await measure({ ...each, slowdown }))
  }
console.log('The start page: ms after its data came until it answers, and then scrolled to its end and back.\n')
printTable(rows)

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

async function measure({ name, answer, unfold, slowdown }: CaseOptions): Promise<string[]> {
  const page = await built.newPage()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.route('**/api/failures?*', (route) => route.fulfill({ json: answer }))
  await page.goto(built.url)
  const shownMs = await settledAfter(page, '.failure', 'answer')
  let unfoldedMs: number | null = null
  if (unfold) {
    await page.evaluate(() => document.querySelector<HTMLElement>('.failure h4 button')?.click())
    unfoldedMs = await settledAfter(page, '.failed-trails li', 'now')
  }
  const { seenMs, workedMs } = await longestTask(page, scrollThrough)
  const elements = await page.evaluate(() => document.querySelectorAll('*').length)
  await page.context().close()
  return [
    name,
    slowdown === 1 ? 'as it is' : `${slowdown} times slower`,
    shown(shownMs),
    unfoldedMs === null ? '' : shown(unfoldedMs),
    shown(seenMs),
    shown(workedMs),
    String(elements),
  ]
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
