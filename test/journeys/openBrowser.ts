import type { Browser, Page, Request } from 'playwright'
import { launchChromium } from '../launchChromium.ts'

/** A real Chromium. */
export function openBrowser(): Promise<Browser> {
  return launchChromium()
}

/** Every call of a page to the shop's API from now on. */
export function apiCalls(page: Page): ApiCall[] {
  const calls: ApiCall[] = []
  page.on('request', (request: Request) => {
    const { pathname } = new URL(request.url())
    if (!pathname.startsWith('/api/')) return
    const headers = request.headers()
    calls.push({
      method: request.method(),
      path: pathname,
      reference: headers['trace-reference'],
      attempt: headers['trace-attempt'],
      traceId: headers['traceparent']?.split('-')[1],
      headerBytes: ['traceparent', 'trace-reference', 'trace-attempt'].reduce(
        (sum, name) => sum + name.length + (headers[name]?.length ?? 0) + 4,
        0,
      ),
    })
  })
  return calls
}

export interface ApiCall {
  readonly method: string
  readonly path: string
  readonly reference: string | undefined
  readonly attempt: string | undefined
  readonly traceId: string | undefined
  readonly headerBytes: number
}

/** The one reference that a page shows. */
export async function shownReference(page: Page): Promise<string> {
  const code = page.locator('[data-waybill-reference]')
  await code.first().waitFor()
  const all = new Set(
    await code.evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-waybill-reference'))),
  )
  if (all.size !== 1) throw new Error(`the page shows ${all.size} references: ${[...all].join(', ')}`)
  return [...all][0] ?? ''
}
