import type { Page } from 'playwright'

/** Opens a trail's page; milliseconds from the last byte of the answer until its first row is in the document. */
export async function msToFirstRow(page: Page, url: string): Promise<number> {
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector('.timeline .row')) return
      watch.disconnect()
      performance.mark('first row')
    })
    watch.observe(document, { childList: true, subtree: true })
  })
  await page.goto(url)
  await page.locator('.timeline .row').first().waitFor()
  return await page.evaluate(() => {
    const [row] = performance.getEntriesByName('first row')
    const answer = performance.getEntriesByType('resource').findLast(({ name }) => name.endsWith('/api/search'))
    return (row?.startTime ?? NaN) - ((answer as PerformanceResourceTiming | undefined)?.responseEnd ?? NaN)
  })
}

/**
 * The longest task of the page's main thread while something is done: as the page's own observer of long tasks saw it (0 where none took
 * 50 ms), and how much of it the processor worked, which tells more on a busy machine.
 */
export async function longestTask(page: Page, act: (page: Page) => Promise<unknown>): Promise<LongestTask> {
  await page.evaluate(() => {
    const found: number[] = []
    new PerformanceObserver((list) => void found.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
    Object.assign(window, { longTasks: found })
  })
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] })
  await act(page)
  // The browser reports a task only after it has ended.
  await page.waitForTimeout(500)
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const seenMs = await page.evaluate(() => Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks))
  const place = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(place),
  )
  const worked = traceEvents.filter((event) => event.name.endsWith('RunTask') && mains.has(place(event)))
  return { seenMs, workedMs: worked.reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1000), 0) }
}

interface LongestTask {
  readonly seenMs: number
  readonly workedMs: number
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds on the processor. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** From the top of the page to its end and back, as a wheel does it. */
export async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise(requestAnimationFrame)
    for (const by of [400, -400])
      for (let before = NaN; before !== scrollY;) {
        before = scrollY
        scrollBy(0, by)
        // oxlint-disable-next-line no-await-in-loop -- one turn of the wheel for each frame
        await frame()
      }
  })
}

/** Down the rows by arrow key. */
export async function walk(page: Page): Promise<void> {
  await page.locator('.timeline .line').first().focus()
  for (let row = 0; row < 60; row++) {
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    await page.keyboard.press('ArrowDown')
  }
}

export async function narrow(page: Page): Promise<void> {
  await page.getByPlaceholder('Filter the steps').pressSequentially('price 3', { delay: 50 })
}
