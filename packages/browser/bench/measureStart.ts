import type { Browser } from 'playwright'
import { CALLS_PER_ACTION } from './offer.ts'
import { medianOf } from './medianOf.ts'

/** What a contender takes before the first call, on fresh pages: its set-up, and its whole script parsed, compiled and run. */
export async function measureStart(browser: Browser, { origin, name, isFull }: StartOptions): Promise<StartCost> {
  const url = `${origin}/pages/${name}`
  const setUps: number[] = []
  const scripts: number[] = []
  let context = await browser.newContext()
  let page = await context.newPage()
  if (isFull) {
    await page.goto(url)
    await page.evaluate((count) => window.bench.actions(count), FULL_ACTIONS * CALLS_PER_ACTION)
    await page.evaluate(() => window.bench.flush())
  }
  for (let i = 0; i < PAGES; i++) {
    if (!isFull) {
      await context.close()
      context = await browser.newContext()
      page = await context.newPage()
    }
    // A full store is found again by the tab's next page; its own script is new to the engine each time.
    await page.goto(`${url}?${i}`)
    const { startMs, scriptMs } = await page.evaluate(() => ({
      startMs: window.bench.startMs,
      scriptMs: performance.measure('script', 'script begins', 'script ends').duration,
    }))
    setUps.push(startMs)
    scripts.push(scriptMs)
  }
  const stored = await page.evaluate(() =>
    Array.from({ length: localStorage.length }, (_, i) => localStorage.getItem(localStorage.key(i) ?? '') ?? ''),
  )
  await context.close()
  return {
    setUpMs: medianOf(setUps),
    scriptMs: medianOf(scripts),
    storedCharacters: stored.reduce((sum, text) => sum + text.length, 0),
  }
}

export interface StartOptions {
  readonly origin: string
  readonly name: string
  /** Whether 200 actions of three calls are in store. */
  readonly isFull: boolean
}

export interface StartCost {
  readonly setUpMs: number
  readonly scriptMs: number
  readonly storedCharacters: number
}

const PAGES = 15
const FULL_ACTIONS = 200
