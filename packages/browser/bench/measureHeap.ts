import type { Browser } from 'playwright'
import { openPage } from './openPage.ts'

/** What stays on JavaScript's heap after many calls, and how much of it goes when the session is cleared: the store's share. */
export async function measureHeap(browser: Browser, { origin, name }: HeapOptions): Promise<HeapCost> {
  const { page, heapBytes, close } = await openPage(browser, `${origin}/pages/${name}`)
  for (let made = 0; made < CALLS; made += CALLS_AT_ONCE) {
    await page.evaluate((count) => window.bench.background(count), CALLS_AT_ONCE)
  }
  await page.evaluate(() => window.bench.flush())
  await new Promise((go) => setTimeout(go, FOLLOW_UP_MS))
  const bytes = await heapBytes()
  await page.evaluate(() => window.bench.clear())
  const clearedBytes = await heapBytes()
  await close()
  return { bytes, clearedBytes }
}

export interface HeapOptions {
  readonly origin: string
  readonly name: string
}

export interface HeapCost {
  readonly bytes: number
  readonly clearedBytes: number
}

const CALLS = 10_000
const CALLS_AT_ONCE = 500
const FOLLOW_UP_MS = 6000
