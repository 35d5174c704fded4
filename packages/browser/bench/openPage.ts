import type { Browser, CDPSession, Page } from 'playwright'

/** A contender's page in a fresh profile and a process of its own, with Chromium's own accounts of it. */
export async function openPage(browser: Browser, url: string): Promise<BenchPage> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  // The processor time that the page's main thread used: what other programs do meanwhile does not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(url)
  return {
    page,
    cdp,
    async taskMicroseconds() {
      const { metrics } = await cdp.send('Performance.getMetrics')
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1e6
    },
    async heapBytes() {
      for (let i = 0; i < COLLECTIONS; i++) await cdp.send('HeapProfiler.collectGarbage')
      return (await cdp.send('Runtime.getHeapUsage')).usedSize
    },
    close: () => context.close(),
  }
}

export interface BenchPage {
  readonly page: Page
  readonly cdp: CDPSession
  /** Of all tasks on the main thread since the page began. */
  taskMicroseconds(): Promise<number>
  /** JavaScript's heap after a forced collection. */
  heapBytes(): Promise<number>
  close(): Promise<void>
}

/** What finalizers and weak maps let go of is collected by the next one. */
const COLLECTIONS = 3
