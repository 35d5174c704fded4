import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openBundle } from '../fixtures/openBundle.ts'
import type { Bundle } from '../fixtures/openBundle.ts'

let bundle: Bundle
let page: Page

beforeAll(async () => {
  bundle = await openBundle('clientsPage.ts')
  page = await bundle.visit()
})
afterAll(() => bundle.close())
beforeEach(() => {
  bundle.site.calls.length = 0
})

const headersOf = (path: string) =>
  bundle.site.calls.filter((call) => call.path === `/api/${path}`).map(({ headers }) => headers)

type Failure = readonly [path: string, abort: boolean, timeoutMs?: number]

const NO_JSON = 'an answer that is no JSON'

const FAILURES: Readonly<Record<string, Failure>> = {
  'an error status': ['x?status=500', false],
  'an error status that comes late': ['x?status=422&wait=30', false],
  'a broken connection': ['x?break=1&wait=10', false],
  'an abort': ['x?wait=3000', true],
  'a time-out': ['x?wait=3000', false, 25],
  [NO_JSON]: ['../page', false],
}

test.each(['fetch', 'ky', 'axios'] as const)(
  'referenceOf is exact for every failure of %s, in two actions at once',
  async (client) => {
    const found = await page.evaluate(
      async ([client, failures]) => {
        const { waybill, clients } = window.clientsPage
        const tried = [...failures, ...failures.toReversed()].map(async ([name, [path, abort, timeoutMs]]) => {
          const action = waybill.begin(name)
          const controller = new AbortController()
          if (abort) setTimeout(() => controller.abort(), 20)
          const error: unknown = await clients[client](action.fetch)(path, controller.signal, timeoutMs).then(
            () => 'no failure',
            (error: unknown) => error,
          )
          const reference = waybill.referenceOf(error)
          return [name, reference === action.reference ? 'exact' : (reference ?? 'none')]
        })
        return Promise.all(tried)
      },
      [client, Object.entries(FAILURES)] as const,
    )
    const names = Object.keys(FAILURES)
    // ky reads the text and parses it itself: that error is of no promise of ours, and nothing is better than a guess.
    const answer = (name: string): string => (client === 'ky' && name === NO_JSON ? 'none' : 'exact')
    expect(found).toEqual([...names, ...names.toReversed()].map((name) => [name, answer(name)]))
  },
)

test.each(['fetch', 'ky', 'axios'] as const)(
  'what a click calls through %s, and calls next, is one action, after a failure too',
  async (client) => {
    await page.evaluate((client) => {
      const { waybill, clients } = window.clientsPage
      const call = clients[client](waybill.fetch)
      const button = document.createElement('button')
      button.textContent = client
      button.addEventListener('click', async () => {
        await call('first')
        await call('second?status=409').catch(() => call('third'))
      })
      document.body.append(button)
    }, client)
    await page.getByText(client, { exact: true }).click()
    await expect.poll(() => headersOf('third').length).toBe(1)
    const references = ['first', 'second', 'third'].map((path) => headersOf(path)[0]?.['trace-reference'])
    expect(new Set(references).size).toBe(1)
    const record = await page.evaluate(
      (reference) => window.clientsPage.waybill.session.actions().find((action) => action.reference === reference),
      references[0],
    )
    expect(record).toMatchObject({ background: false, name: 'POST /api/first' })
    expect(record?.calls.map(({ path }) => path)).toEqual(['/api/first', '/api/second', '/api/third'])
  },
)

test('ky’s timed retries under a handle keep its reference and count', async () => {
  const reference = await page.evaluate(async () => {
    const { waybill, ky, kyHooks } = window.clientsPage
    const action = waybill.begin('Import')
    const retry = { limit: 2, delay: () => 5 }
    await ky.get('/api/retried?failures=2', { fetch: action.fetch, hooks: kyHooks(waybill), retry }).json()
    return action.reference
  })
  const seen = headersOf('retried').map((headers) => [headers['trace-reference'], headers['trace-attempt']])
  expect(seen).toEqual([
    [reference, '1'],
    [reference, '2'],
    [reference, '3'],
  ])
})

test.each(['the same', 'another'] as const)(
  'a retry by %s request that an afterResponse hook of ky asks for keeps its reference, of two calls at once',
  async (which) => {
    await page.evaluate(async (which) => {
      const { waybill, ky, kyHooks } = window.clientsPage
      const api = ky.create({ fetch: waybill.fetch, hooks: kyHooks(waybill), context: { token: 'old' } }).extend({
        hooks: {
          afterResponse: [
            ({ request, response }) => {
              if (response.ok) return undefined
              const headers = { Authorization: 'Bearer new' }
              return ky.retry({ delay: 5, ...(which === 'another' && { request: new Request(request, { headers }) }) })
            },
          ],
        },
      })
      await Promise.all(['a', 'b'].map((each) => api.get(`/api/forced-${each}?failures=2`).json()))
    }, which)
    const [a, b] = ['a', 'b'].map((each) => {
      const seen = headersOf(`forced-${each}`).map((headers) => [headers['trace-reference'], headers['trace-attempt']])
      const reference = seen[0]?.[0]
      expect(seen).toEqual(['1', '2', '3'].map((attempt) => [reference, attempt]))
      return reference
    })
    expect(a).not.toBe(b)
  },
)

test('an HTTPError of ky keeps its response and what the server said', async () => {
  const seen = await page.evaluate(async () => {
    const { waybill, clients, HTTPError } = window.clientsPage
    const error = await clients
      .ky(waybill.fetch)('x?status=409')
      .catch((error: unknown) => error)
    if (!(error instanceof HTTPError)) return error
    return [error.name, error.response.status, error.response instanceof Response, error.data]
  })
  expect(seen).toEqual(['HTTPError', 409, true, expect.objectContaining({ method: 'POST' })])
})

test('axios sends and reads as it does without Waybill', async () => {
  const [ours, native] = await page.evaluate(async () => {
    const { waybill, axios } = window.clientsPage
    const run = async (send: typeof fetch): Promise<unknown[]> => {
      const api = axios.create({
        adapter: 'fetch',
        env: { fetch: send },
        baseURL: '/api',
        headers: { 'X-App': 'shop' },
      })
      const form = new FormData()
      form.set('a', '1')
      const progress: boolean[] = []
      const reports = { onDownloadProgress: () => void progress.push(true) }
      const json = await api.put('/json', { a: [1] }, { params: { q: 'ä b' } })
      const posted = await api.post('/form', form)
      const query = await api.post('/query', new URLSearchParams({ a: '1' }), reports)
      const blob = await api.get('/blob', { responseType: 'blob' })
      const bytes = await api.get('/bytes', { responseType: 'arraybuffer' })
      const stream = await api.get('/stream', { responseType: 'stream' })
      const failed = await api.get('/failed?status=404').catch((error: unknown) => error)
      const strip = ({
        method,
        body,
        seen,
      }: {
        method: string
        body: string
        seen: Record<string, string>
      }): string => {
        const { traceparent, 'trace-reference': reference, 'trace-attempt': attempt, ...rest } = seen
        void [traceparent, reference, attempt]
        const text = JSON.stringify([method, body, rest])
        return text.replaceAll(/-{4}WebKitFormBoundary\w+/g, 'BOUNDARY')
      }
      return [
        [json, posted, query].map(({ status, data }) => [status, strip(data)]),
        [blob.data instanceof Blob, bytes.data instanceof ArrayBuffer, stream.data instanceof ReadableStream],
        axios.isAxiosError(failed) && [
          failed.code,
          failed.message,
          failed.response?.status,
          failed.request instanceof Request,
        ],
        progress.length > 0,
      ]
    }
    return [await run(waybill.fetch), await run(fetch)]
  })
  expect(ours).toEqual(native)
  expect(ours?.[2]).toEqual(['ERR_BAD_REQUEST', 'Request failed with status code 404', 404, true])
  const traced = bundle.site.calls.filter(({ headers }) => headers['trace-reference'])
  expect(traced.map(({ path }) => path)).toEqual(
    ['json', 'form', 'query', 'blob', 'bytes', 'stream', 'failed'].map((each) => `/api/${each}`),
  )
})

test('an axios call that an interceptor sends again is the next attempt of its action', async () => {
  const reference = await page.evaluate(async () => {
    const { waybill, axios } = window.clientsPage
    const action = waybill.begin('Sign up')
    const api = axios.create({ adapter: 'fetch', env: { fetch: action.fetch } })
    api.interceptors.response.use(undefined, async (error: unknown) => {
      if (axios.isAxiosError(error) && error.config) return api.request(error.config)
      throw error
    })
    await api.post('/api/again?failures=1', { name: 'Ada' })
    return action.reference
  })
  const seen = headersOf('again').map((headers) => [headers['trace-reference'], headers['trace-attempt']])
  expect(seen).toEqual([
    [reference, '1'],
    [reference, '2'],
  ])
})

test('a cancelled axios call stays a cancelled one, and one cancelled before it began has no reference', async () => {
  const seen = await page.evaluate(async () => {
    const { waybill, axios } = window.clientsPage
    const action = waybill.begin('Search')
    const api = axios.create({ adapter: 'fetch', env: { fetch: action.fetch } })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 20)
    const errors = [
      await api.get('/api/x?wait=3000', { signal: controller.signal }).catch((error: unknown) => error),
      await api.get('/api/x', { signal: AbortSignal.abort() }).catch((error: unknown) => error),
    ]
    const states = waybill.session
      .actions()
      .at(-1)
      ?.calls.map(({ error }) => error)
    return [errors.map((error) => [axios.isCancel(error), waybill.referenceOf(error) === action.reference]), states]
  })
  expect(seen).toEqual([
    [
      [true, true],
      [true, false],
    ],
    // By the name of the error that axios aborts with.
    ['AbortError'],
  ])
})

test('a network failure is recorded without a status, for each client', async () => {
  const seen = await page.evaluate(async () => {
    const { waybill, clients } = window.clientsPage
    const seen: unknown[] = []
    for (const client of Object.values(clients)) {
      const action = waybill.begin('Offline')
      await client(action.fetch)('x?break=1').catch(() => {})
      const record = waybill.session.actions().find(({ reference }) => reference === action.reference)
      seen.push(record?.calls.map(({ status, error }) => [status ?? 'none', error]))
    }
    return seen
  })
  expect(seen).toEqual(Array.from({ length: 3 }, () => [['none', 'TypeError']]))
})

test('headers() go where headers can be set, and as a query or fields where they cannot', async () => {
  const [reference, given] = await page.evaluate(async () => {
    const { waybill, axios } = window.clientsPage
    const action = waybill.begin('Upload')
    const headers = action.headers()
    const query = new URLSearchParams(headers).toString()
    await axios.post('/api/by-xhr', 'x', { adapter: 'xhr', headers })
    const events = new EventSource(`/api/by-events?${query}`)
    const socket = new WebSocket(`/api/by-socket?${query}`)
    navigator.sendBeacon('/api/by-beacon', new URLSearchParams(headers))
    const frame = Object.assign(document.createElement('iframe'), { name: 'target' })
    const form = Object.assign(document.createElement('form'), {
      method: 'POST',
      action: '/api/by-form',
      target: 'target',
    })
    for (const [name, value] of Object.entries(headers))
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
    document.body.append(frame, form)
    const shown = new Promise((done) => frame.addEventListener('load', done))
    form.submit()
    const over = [
      new Promise((done) => events.addEventListener('error', done)),
      new Promise((done) => socket.addEventListener('error', done)),
    ]
    await Promise.all([shown, ...over])
    events.close()
    return [action.reference, headers]
  })
  await expect.poll(() => bundle.site.calls.length).toBe(5)
  const [byXhr, ...others] = bundle.site.calls.toSorted(
    (a, b) => Number(b.path === '/api/by-xhr') - Number(a.path === '/api/by-xhr'),
  )
  expect(byXhr?.headers).toMatchObject({ 'trace-reference': reference, traceparent: given?.['traceparent'] })
  for (const { url, body } of others)
    expect(Object.fromEntries(new URLSearchParams(body || new URL(url).search))).toEqual(given)
})
