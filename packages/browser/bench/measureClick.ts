import type { Browser } from 'playwright'
import type { SeenRequest, Site } from './startSite.ts'
import { openPage } from './openPage.ts'

/** One click that makes three calls, from its first byte until the page is left: what goes over the wire for it. */
export async function measureClick(browser: Browser, site: Site, name: string): Promise<ClickCost> {
  const { page, close } = await openPage(browser, `${site.origin}/pages/${name}`)
  // Whatever a contender sends about the page's load is not the click's.
  await new Promise((go) => setTimeout(go, SETTLE_MS))
  const before = site.seen.length
  await page.mouse.click(20, 20)
  await page.evaluate(() => window.bench.settled())
  await new Promise((go) => setTimeout(go, SETTLE_MS))
  await page.goto('about:blank')
  await new Promise((go) => setTimeout(go, LEAVING_MS))
  await close()
  const seen = site.seen.slice(before)
  return {
    calls: seen.filter(({ path, headers }) => path.startsWith('/api/') && headers['referer']?.includes(`/${name}`)),
    deliveries: seen.filter(({ path }) => path.startsWith(`/intake/${name}`)),
  }
}

export interface ClickCost {
  readonly calls: readonly SeenRequest[]
  readonly deliveries: readonly SeenRequest[]
}

/** Longer than any contender gathers before it sends, but for Datadog, which sends when the page is left. */
const SETTLE_MS = 8000
const LEAVING_MS = 1000
