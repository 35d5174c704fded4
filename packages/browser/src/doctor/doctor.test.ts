import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openDoctorPages } from '../../fixtures/openDoctorPages.ts'
import type { DoctorPages } from '../../fixtures/openDoctorPages.ts'

let pages: DoctorPages
beforeAll(async () => {
  pages = await openDoctorPages()
})
afterAll(() => pages.close())
beforeEach(() => {
  pages.site.calls.length = 0
  pages.site.questions.length = 0
  pages.site.collector.mode = 'accept'
})

const said = (page: Page): Promise<string[]> => page.evaluate(() => window.doctorPage.said)

/** Calls the way an application does, and says what came of it; twice, because a cause is told once. */
async function call(
  page: Page,
  url: string,
  init: Pick<RequestInit, 'method' | 'credentials'> & { body?: string } = {},
): Promise<string> {
  const once = () =>
    page.evaluate(
      ([url, init]) =>
        window.doctorPage.waybill.fetch(url, init).then(
          ({ status }) => String(status),
          (error: Error) => error.name,
        ),
      [url, init] as const,
    )
  await once()
  return once()
}

async function deliver(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let time = 0; time < 2; time++) {
      window.doctorPage.waybill.begin('Pay').succeed()
      await window.doctorPage.waybill.flush()
    }
  })
}

/** Long enough for every question the doctor might ask. */
const quiet = (page: Page): Promise<void> => page.evaluate(() => new Promise((go) => void setTimeout(go, 700)))

describe('an API on another origin', () => {
  test('whose CORS refuses the headers is told with the lines its server must send, once', async () => {
    const { origin, otherOrigin } = pages.site
    const page = await pages.visit({ options: { tracedOrigins: [otherOrigin] } })
    expect(await call(page, `${otherOrigin}/api/orders?cors=allow-content-type`, { method: 'POST' })).toBe('TypeError')
    await expect.poll(() => said(page)).toHaveLength(1)
    await quiet(page)
    const [message, ...more] = await said(page)
    expect(more).toEqual([])
    expect(message).toContain(`[waybill] ${otherOrigin} refuses calls that carry a reference`)
    expect(message).toContain('does not allow traceparent, trace-reference, trace-attempt, so its calls fail')
    expect(message).toContain(`\n  Access-Control-Allow-Origin: ${origin}\n`)
    expect(message).toContain('\n  Access-Control-Allow-Headers: traceparent, trace-reference, trace-attempt')
    expect(message).not.toContain('Access-Control-Allow-Credentials')
  })

  test('whose CORS refuses one header is told which', async () => {
    const { otherOrigin } = pages.site
    const page = await pages.visit({ options: { tracedOrigins: [otherOrigin] } })
    await call(page, `${otherOrigin}/api/orders?cors=allow-traceparent,trace-reference`)
    await expect.poll(() => said(page)).toHaveLength(1)
    expect((await said(page))[0]).toContain('does not allow trace-attempt, so its calls fail')
  })

  test('that allows no page at all is told so, with the credentials line for calls with cookies', async () => {
    const { origin, otherOrigin } = pages.site
    const page = await pages.visit({ options: { tracedOrigins: [otherOrigin] } })
    await call(page, `${otherOrigin}/api/orders?cors=none`, { credentials: 'include' })
    await expect.poll(() => said(page)).toHaveLength(1)
    const [message] = await said(page)
    expect(message).toContain(`[waybill] ${otherOrigin} does not answer this page: its CORS does not allow ${origin}`)
    expect(message).toContain('\n  Access-Control-Allow-Credentials: true\n')
  })

  test('is asked by HEAD only and without a body, never by the failed call again', async () => {
    const { otherOrigin } = pages.site
    const page = await pages.visit({ options: { tracedOrigins: [otherOrigin] } })
    await call(page, `${otherOrigin}/api/orders?cors=none`, { method: 'POST', body: 'once' })
    await expect.poll(() => said(page)).toHaveLength(1)
    expect(pages.site.calls.filter(({ method }) => method === 'POST').every(({ body }) => body === 'once')).toBe(true)
    const questions = [...pages.site.questions, ...pages.site.calls.filter(({ method }) => method !== 'POST')]
    expect(questions.length).toBeGreaterThan(0)
    for (const { method, body } of questions) {
      expect(method).toMatch(/^(GET|HEAD)$/)
      expect(body).toBe('')
    }
  })

  test('to which a call is redirected, and which refuses the headers, is named with the line that mends it', async () => {
    const { origin, otherOrigin } = pages.site
    const target = encodeURIComponent(`${otherOrigin}/api/files?cors=allow-accept`)
    const path = `/api/download?to=${target}`
    const page = await pages.visit({})
    expect(await call(page, path)).toBe('TypeError')
    await expect.poll(() => said(page)).toHaveLength(1)
    const [message] = await said(page)
    expect(message).toContain(`[waybill] ${origin}/api/download redirects to ${otherOrigin}, which refuses calls that`)
    expect(message).toContain("\n  untracedPaths: ['/api/download']")
    const mended = await pages.visit({ options: { untracedPaths: ['/api/download'] } })
    expect(await call(mended, path)).toBe('200')
    expect(await call(mended, '/api/downloads')).toBe('200')
    await quiet(mended)
    expect(await said(mended)).toEqual([])
    const marked = pages.site.calls.filter(({ headers }) => headers['trace-reference']).map((each) => each.path)
    expect(marked).toContain('/api/downloads')
    expect(pages.site.calls.at(-1)!.path).toBe('/api/downloads')
  })

  test('to which a call is redirected, and which this page may not read at all, is not our doing', async () => {
    const { otherOrigin } = pages.site
    const target = encodeURIComponent(`${otherOrigin}/api/files?cors=none`)
    const page = await pages.visit({})
    expect(await call(page, `/api/download?to=${target}`)).toBe('TypeError')
    await quiet(page)
    expect(await said(page)).toEqual([])
  })

  test('that is down, aborted or answers is not complained about', async () => {
    const { otherOrigin } = pages.site
    const page = await pages.visit({ options: { tracedOrigins: [otherOrigin, CLOSED] } })
    expect(await call(page, `${CLOSED}/api/orders`)).toBe('TypeError')
    expect(await call(page, `${otherOrigin}/api/orders?status=500`)).toBe('500')
    await page.evaluate(
      (url) => window.doctorPage.waybill.fetch(url, { signal: AbortSignal.timeout(50) }).catch(() => undefined),
      `${otherOrigin}/api/orders?wait=400`,
    )
    await quiet(page)
    expect(await said(page)).toEqual([])
  })

  test('that this page’s own policy forbids is told as such', async () => {
    const { otherOrigin } = pages.site
    const page = await pages.visit({ options: { tracedOrigins: [otherOrigin] } })
    await forbidCalls(page)
    await call(page, `${otherOrigin}/api/orders`)
    await expect.poll(() => said(page)).toHaveLength(1)
    expect((await said(page))[0]).toContain(`Content-Security-Policy forbids calls to ${otherOrigin}`)
  })

  test('that is not listed is pointed out when it answers data and is of the same site', async () => {
    const { otherOrigin } = pages.site
    const page = await pages.visit()
    expect(await call(page, `${otherOrigin}/api/orders`)).toBe('200')
    await expect.poll(() => said(page)).toHaveLength(1)
    expect((await said(page))[0]).toContain(`[waybill] Calls to ${otherOrigin} carry no reference`)
    // The same server under a name of another site.
    const elsewhere = otherOrigin.replace('127.0.0.1', 'localhost')
    expect(await call(page, `${elsewhere}/api/orders`)).toBe('200')
    await quiet(page)
    expect(await said(page)).toHaveLength(1)
  })
})

describe('a desk', () => {
  test.each([401, 403] as const)('that refuses the key with %d is told once, without the key', async (status) => {
    pages.site.collector.mode = status
    const page = await pages.visit({ options: { deliverTo: '/waybill', key: 'wrong-key' } })
    await deliver(page)
    await expect.poll(() => said(page)).toHaveLength(1)
    const [message] = await said(page)
    expect(message).toContain(`The desk at ${pages.site.origin}/waybill/v1/traces refuses the key (${status})`)
    expect(message).not.toContain('wrong-key')
  })

  test('that is a web page is told as such, and stays readable for the waybill itself', async () => {
    pages.site.collector.mode = 'garbage'
    const page = await pages.visit({ options: { deliverTo: '/waybill' } })
    await deliver(page)
    await expect.poll(() => said(page)).toHaveLength(1)
    expect((await said(page))[0]).toContain('answers deliveries')
    pages.site.collector.mode = 'accept'
    await deliver(page)
    const deliveries = await page.evaluate(() =>
      window.doctorPage.waybill.session.actions().map((each) => each.delivery),
    )
    expect(new Set(deliveries)).toEqual(new Set(['delivered']))
  })

  test('that is at another path is told with the path that was tried', async () => {
    pages.site.collector.mode = 404
    const page = await pages.visit({ options: { deliverTo: '/telemetry/' } })
    await deliver(page)
    await expect.poll(() => said(page)).toHaveLength(1)
    expect((await said(page))[0]).toContain(`Nothing takes steps at ${pages.site.origin}/telemetry/v1/traces (404)`)
  })

  test('on another origin without CORS is told with the lines it must send', async () => {
    const { origin, otherOrigin } = pages.site
    const page = await pages.visit({ options: { deliverTo: `${otherOrigin}/waybill` } })
    await deliver(page)
    await expect.poll(() => said(page)).toHaveLength(1)
    const [message] = await said(page)
    expect(message).toContain(`The desk at ${otherOrigin}/waybill/v1/traces does not answer this page`)
    expect(message).toContain(
      `\n  Access-Control-Allow-Origin: ${origin}\n  Access-Control-Allow-Headers: content-type\n`,
    )
  })

  test('that an ad blocker hides is told apart from one that is down', async () => {
    const blocked = await pages.visit({ options: { deliverTo: '/waybill' } })
    await blocked.route('**/v1/traces*', (route) => route.abort('blockedbyclient'))
    await deliver(blocked)
    await expect.poll(() => said(blocked)).toHaveLength(1)
    expect((await said(blocked))[0]).toContain('Something in this browser stops deliveries')

    const down = await pages.visit({ options: { deliverTo: CLOSED } })
    await deliver(down)
    await expect.poll(() => said(down)).toHaveLength(1)
    expect((await said(down))[0]).toContain(`Nothing answers at ${CLOSED}`)
  })

  test('that the page’s policy forbids is told as such', async () => {
    const { otherOrigin } = pages.site
    const page = await pages.visit({ options: { deliverTo: `${otherOrigin}/waybill` } })
    await forbidCalls(page)
    await deliver(page)
    await expect.poll(() => said(page)).toHaveLength(1)
    expect((await said(page))[0]).toContain(`Content-Security-Policy forbids deliveries to ${otherOrigin}`)
  })

  test('that takes everything is silent, and so is one that is only busy or not reachable offline', async () => {
    const page = await pages.visit({ options: { deliverTo: '/waybill' } })
    await deliver(page)
    pages.site.collector.mode = 503
    await deliver(page)
    await page.context().setOffline(true)
    await deliver(page)
    await quiet(page)
    expect(await said(page)).toEqual([])
  })
})

describe('what the application gave', () => {
  test('is rejected unhandled where nobody handles it, untraced or traced', async () => {
    const page = await pages.visit({ options: { tracedOrigins: [CLOSED] } })
    const unhandled = await page.evaluate(
      async (addresses) => {
        const unhandled: string[] = []
        addEventListener('unhandledrejection', ({ reason }) => unhandled.push(String(reason)))
        for (const address of addresses) void window.doctorPage.waybill.fetch(address)
        await new Promise((go) => void setTimeout(go, 300))
        return unhandled
      },
      [CLOSED, CLOSED.replace('127.0.0.1', 'localhost')],
    )
    expect(unhandled).toEqual(Array.from({ length: 2 }, () => 'TypeError: Failed to fetch'))
  })

  test('is read once more than fetch does for an origin not listed, and is what arrives', async () => {
    const page = await pages.visit()
    const reads = await page.evaluate(async (origin) => {
      const { waybill } = window.doctorPage
      const reads: Record<string, number> = {}
      const read = <T>(name: string, value: T): T => ((reads[name] = (reads[name] ?? 0) + 1), value)
      const address = { toString: () => `${origin}/api/read-${read('address', reads['address'] ?? 0)}` }
      const init = {
        get method() {
          return read('method', 'POST')
        },
        get headers() {
          return read('headers', { 'x-a': '1' })
        },
      }
      await Reflect.apply(waybill.fetch, undefined, [address, init])
      return reads
    }, pages.site.otherOrigin)
    expect(pages.site.calls.find(({ method }) => method === 'POST')).toMatchObject({ headers: { 'x-a': '1' } })
    for (const count of Object.values(reads)) expect(count).toBeLessThan(3)
  })

  test('as headers of an action for an origin not listed is left as it is, and sent', async () => {
    const page = await pages.visit()
    const own = await page.evaluate(async (origin) => {
      const { waybill } = window.doctorPage
      const headers = new Headers(waybill.begin('Pay').headers())
      const init = Object.freeze({ method: 'POST', headers })
      await waybill.fetch(`${origin}/api/own`, init)
      return Reflect.ownKeys(headers)
    }, pages.site.otherOrigin)
    expect(own).toEqual([])
    expect(pages.site.calls.find(({ path }) => path === '/api/own')).toMatchObject({
      method: 'POST',
      headers: { 'trace-reference': expect.stringMatching(/^\w{3}-\w{3}-\w{3}$/) },
    })
  })
})

/** A loopback address where nobody listens. */
let CLOSED: string
beforeAll(async () => {
  const server = createServer()
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (typeof address === 'object' && address) CLOSED = `http://127.0.0.1:${address.port}`
  await new Promise((closed) => void server.close(closed))
})

function forbidCalls(page: Page): Promise<void> {
  return page.evaluate(() => {
    const policy = document.createElement('meta')
    policy.httpEquiv = 'Content-Security-Policy'
    policy.content = "connect-src 'self'"
    document.head.append(policy)
  })
}
