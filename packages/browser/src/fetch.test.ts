import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

let shop: Shop
let page: Page

beforeAll(async () => {
  shop = await openShop()
  page = await shop.visit()
  await page.evaluate(defineCases)
})
afterAll(() => shop.close())
beforeEach(() => shop.forget())

type Fetch = typeof fetch
type Case = (fetch: Fetch, other: string) => unknown

declare global {
  interface Window {
    cases: Record<string, Case>
    outcome(name: string, traced: boolean, other: string): Promise<unknown>
  }
}

/** Runs in the page: every case is given one fetch or the other, and may not tell which. */
function defineCases(): void {
  const form = (): FormData => {
    const data = new FormData()
    data.set('name', 'Ada')
    data.set('file', new Blob(['abc'], { type: 'text/csv' }), 'a.csv')
    return data
  }
  const stream = (): ReadableStream => new Blob(['streamed']).stream()
  const half = { duplex: 'half' } as RequestInit
  const post = (body: BodyInit, more?: RequestInit): RequestInit => ({ method: 'POST', body, ...more })
  const aborted = (reason?: unknown): AbortSignal => AbortSignal.abort(reason)
  window.cases = {
    'a path': (fetch) => fetch('/api/x'),
    'a relative path with a query and a fragment': (fetch) => fetch('api/x?a=1&b=%20#there'),
    'a URL object': (fetch) => fetch(new URL('/api/x', location.href)),
    'an object with toString': (fetch) => fetch({ toString: () => '/api/x' } as unknown as string),
    'a Request': (fetch) => fetch(new Request('/api/x', { headers: { 'X-One': '1' } })),
    'a Request and an init': (fetch) =>
      fetch(new Request('/api/x', post('a')), { method: 'PUT', headers: { 'x-two': '2' } }),
    'a Request and an empty init': (fetch) => fetch(new Request('/api/x', { referrer: '/from' }), {}),
    'a Request with a referrer': (fetch) =>
      fetch(new Request('/api/x', { referrer: '/from', referrerPolicy: 'unsafe-url' })),
    'a Request without referrer': (fetch) =>
      fetch(new Request('/api/x', { referrer: '', referrerPolicy: 'no-referrer' })),
    'a Request whose referrer the init drops': (fetch) =>
      fetch(new Request('/api/x', { referrer: '/from' }), { method: 'GET' }),
    'a Request as init': (fetch) =>
      fetch('/api/x', new Request('/api/y', { method: 'DELETE', headers: { 'x-a': 'b' } })),
    'a class instance as init': (fetch) =>
      fetch(
        '/api/x',
        new (class {
          get method(): string {
            return 'PUT'
          }
          get headers(): HeadersInit {
            return { 'x-a': 'getter' }
          }
        })(),
      ),
    'a consumed Request': async (fetch) => {
      const request = new Request('/api/x', post('once'))
      await request.text()
      return fetch(request)
    },
    'a Request sent twice': async (fetch) => {
      const request = new Request('/api/x', post('once'))
      await fetch(request)
      return [request.bodyUsed, await fetch(request).catch(String)]
    },
    'a clone of a Request': async (fetch) => {
      const request = new Request('/api/x', post('twice'))
      await fetch(request.clone())
      return fetch(request)
    },
    text: (fetch) => fetch('/api/x', post('hello')),
    'a form with a file': async (fetch) => {
      const response = await fetch('/api/x', post(form()))
      const { body, seen } = await response.json()
      const boundary = /boundary=(.*)/.exec(seen['content-type'])?.[1]
      return [body.replaceAll(boundary, 'B'), seen['content-type'].replace(boundary, 'B')]
    },
    URLSearchParams: (fetch) => fetch('/api/x', post(new URLSearchParams({ a: '1' }))),
    'a Blob': (fetch) => fetch('/api/x', post(new Blob(['blob'], { type: 'text/x-test' }))),
    bytes: (fetch) => fetch('/api/x', post(new Uint8Array([65, 66]))),
    'a stream over HTTP/1.1': (fetch) => fetch('/api/x', post(stream(), half)).catch(String),
    'a stream without duplex': (fetch) => fetch('/api/x', post(stream())).catch(String),
    'a Request with a stream': (fetch) => fetch(new Request('/api/x', post(stream(), half))).catch(String),
    keepalive: (fetch) => fetch('/api/x', post('k', { keepalive: true })),
    'too much for keepalive': (fetch) => fetch('/api/x', post('k'.repeat(70_000), { keepalive: true })).catch(String),
    'priority, cache, credentials, integrity none': (fetch) =>
      fetch('/api/x', { priority: 'high', cache: 'no-store', credentials: 'omit', integrity: '' }),
    'wrong integrity': (fetch) => fetch('/api/x', { integrity: 'sha256-AAAA' }).catch(String),
    'headers as pairs, repeated': (fetch) =>
      fetch('/api/x', {
        headers: [
          ['x-a', '1'],
          ['x-a', '2'],
          ['Accept', 'text/x'],
        ],
      }),
    'headers as Headers': (fetch) => fetch('/api/x', { headers: new Headers({ 'X-Mixed-Case': 'yes' }) }),
    'headers as a generator': (fetch) =>
      fetch('/api/x', {
        headers: (function* () {
          yield ['x-gen', '1']
        })() as unknown as HeadersInit,
      }),
    'forbidden headers': (fetch) => fetch('/api/x', { headers: { host: 'evil', 'x-ok': '1' } }),
    'an invalid header': (fetch) => fetch('/api/x', { headers: { 'x a': '1' } }).catch(String),
    'null headers': (fetch) => fetch('/api/x', { headers: null as unknown as HeadersInit }).catch(String),
    'a null init': (fetch) => fetch('/api/x', null as unknown as RequestInit),
    'an init that is no object': (fetch) => fetch('/api/x', 5 as unknown as RequestInit).catch(String),
    'no argument': (fetch) => Reflect.apply(fetch, undefined, []).catch(String),
    'an invalid URL': (fetch) => fetch('http://').catch(String),
    'a URL with a password': (fetch) => fetch(`http://a:b@${location.host}/api/x`).catch(String),
    'a body with GET': (fetch) => fetch('/api/x', { ...post('no'), method: 'GET' }).catch(String),
    'a forbidden method': (fetch) => fetch('/api/x', { method: 'TRACE' }).catch(String),
    'lower-case methods': async (fetch) => [
      await read(await fetch('/api/x', { method: 'put' })),
      await read(await fetch('/api/x', { method: 'patch' })),
    ],
    'an error status': (fetch) => fetch('/api/x?status=404'),
    'no content': (fetch) => fetch('/api/x?status=204'),
    'a redirect followed': (fetch) => fetch('/api/x?to=/api/y'),
    'a redirect of a POST': (fetch) => fetch('/api/x?to=/api/y&status=307', post('again')),
    'a redirect of a Request with a body': (fetch) => fetch(new Request('/api/x?to=/api/y&status=307', post('again'))),
    'a redirect refused': (fetch) => fetch('/api/x?to=/api/y', { redirect: 'error' }).catch(String),
    'a redirect by hand': (fetch) => fetch('/api/x?to=/api/y', { redirect: 'manual' }),
    'a broken connection': (fetch) => fetch('/api/x?break=1', post('x')).catch(String),
    'aborted before': (fetch) => fetch('/api/x', { signal: aborted() }).catch((error) => [error.name, error.message]),
    'aborted with a reason': (fetch) => fetch('/api/x', { signal: aborted('mine') }).catch((error) => error),
    'aborted later': (fetch) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 20)
      return fetch('/api/x?wait=500', { signal: controller.signal }).catch(
        (error) => error === controller.signal.reason,
      )
    },
    'a Request’s signal': (fetch) => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 20)
      return fetch(new Request('/api/x?wait=500', { signal: controller.signal })).catch((error) => error.name)
    },
    'timed out': (fetch) => fetch('/api/x?wait=500', { signal: AbortSignal.timeout(20) }).catch((error) => error.name),
    'another origin': (fetch, other) => fetch(`${other}/api/x`),
    'another origin, no-cors': (fetch, other) => fetch(`${other}/api/x`, { mode: 'no-cors' }),
    'same-origin mode against another origin': (fetch, other) =>
      fetch(`${other}/api/x`, { mode: 'same-origin' }).catch(String),
    'no-cors to our own': (fetch) =>
      fetch('/api/x', { mode: 'no-cors', headers: { 'x-dropped': '1', accept: 'text/y' } }),
    'a data URL': (fetch) => fetch('data:application/json,%7B%7D'),
    'a blob URL': async (fetch) => (await fetch(URL.createObjectURL(new Blob(['{}'])))).text(),
    'each way to read': async (fetch) => {
      const get = (): Promise<Response> => fetch('/api/x')
      const { byteLength } = await (await get()).arrayBuffer()
      const { size, type } = await (await get()).blob()
      return [
        byteLength > 9,
        size > 9,
        type,
        (await (await get()).bytes()).length > 9,
        typeof (await (await get()).json()),
      ]
    },
    'reading twice': async (fetch) => {
      const response = await fetch('/api/x')
      await response.text()
      return [response.bodyUsed, await response.json().catch(String)]
    },
    'JSON that is none': async (fetch) => (await fetch('/api/x?status=204')).json().catch((error) => error.name),
    'a form that is none': async (fetch) => (await fetch('/api/x')).formData().catch(String),
    'what a response is': async (fetch) => {
      const response = await fetch('/api/x')
      return [
        response instanceof Response,
        response.constructor === Response,
        Object.prototype.toString.call(response),
        Object.getOwnPropertyNames(response),
        response.body instanceof ReadableStream,
        response.body === response.body,
        response.body?.locked,
        'json' in response,
        Object.keys(response),
      ]
    },
    clones: async (fetch) => {
      const response = await fetch('/api/x')
      const copy = response.clone()
      return [(await copy.text()) === (await response.text()), copy instanceof Response, copy.bodyUsed]
    },
    'a response made of a response’s body': async (fetch) =>
      (await new Response((await fetch('/api/x')).body).json()).method,
    'a body piped, teed and iterated': async (fetch) => {
      const body = (await fetch('/api/x')).body
      if (!body) return 'none'
      const [left, right] = body.tee()
      const text = await new Response(
        left.pipeThrough(new TextDecoderStream()).pipeThrough(new TextEncoderStream()),
      ).text()
      let bytes = 0
      for await (const chunk of right as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length
      return text.length === bytes
    },
    'a response’s own method replaced': async (fetch) => {
      const response = await fetch('/api/x')
      response.json = () => Promise.resolve('mine')
      return response.json()
    },
    'a native method on the response': async (fetch) =>
      typeof (await Response.prototype.text.call(await fetch('/api/x'))),
    'what is done with fetch': (fetch) => [typeof fetch, Object.prototype.toString.call(fetch('/api/x'))],
    'what fetch is': (fetch) => [fetch.length, fetch.name.replace('bound ', '')],
    'when a call is refused that was aborted before': async (fetch) => {
      const seen: string[] = []
      fetch('/api/x', { signal: aborted() }).catch(() => seen.push('refused'))
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port1.addEventListener('message', resolve)
        port1.start()
        port2.postMessage(0)
      })
      return seen
    },
  }

  async function read(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map(read))
    if (!(value instanceof Response)) return value
    const { status, type, url, redirected, ok, statusText } = value
    const body = await value.text()
    const headers = [...value.headers].filter(([name]) => name !== 'date')
    return { status, type, url, redirected, ok, statusText, body: withoutOurs(body), headers: withoutLength(headers) }
  }

  const withoutOurs = (body: string): string =>
    body.replace(/,?"(?:traceparent|trace-reference|trace-attempt)":"[^"]*"/g, '').replace('{,', '{')
  const withoutLength = (headers: string[][]): string[][] => headers.filter(([name]) => name !== 'content-length')

  window.outcome = async (name, traced, other) => {
    const thrown = (error: unknown): unknown => ['threw', String(error)]
    try {
      const { waybill, createWaybill } = window.shop
      void createWaybill
      return JSON.stringify(
        await Promise.resolve(window.cases[name]?.(traced ? waybill.fetch : fetch, other)).then(read, thrown),
      )
    } catch (error) {
      return JSON.stringify(['threw at once', String(error)])
    }
  }
}

test('every case ends as it does with the platform’s own fetch', async () => {
  const names = await page.evaluate(() => Object.keys(window.cases))
  const different: Record<string, unknown> = {}
  for (const name of names) {
    const run = (traced: boolean): Promise<unknown> =>
      page.evaluate(([name, traced, other]) => window.outcome(name, traced, other), [
        name,
        traced,
        shop.site.otherOrigin,
      ] as const)
    const [native, ours] = [await run(false), await run(true)]
    if (native !== ours) different[name] = { native, ours }
  }
  expect(different).toEqual({})
  expect(names.length).toBeGreaterThan(70)
})

test('the caller’s Request, Headers and init are left as they were', async () => {
  const seen = await page.evaluate(async () => {
    const headers = new Headers({ 'x-a': '1' })
    const init = Object.freeze({ headers, method: 'POST', body: 'x' })
    const request = new Request('/api/left-alone', { headers: { 'x-b': '2' } })
    await window.shop.waybill.fetch('/api/left-alone', init)
    await window.shop.waybill.fetch(request)
    return [[...headers], [...request.headers], Object.keys(init)]
  })
  expect(seen).toEqual([[['x-a', '1']], [['x-b', '2']], ['headers', 'method', 'body']])
  // What a test before this one gave up may still reach the server now.
  const calls = shop.site.calls.filter(({ path }) => path === '/api/left-alone')
  expect(calls.map(({ headers }) => headers['trace-attempt'])).toEqual(['1', '1'])
})

test('the caller’s own mistakes are told the caller alone, and leave no action behind', async () => {
  const seen = await page.evaluate(async () => {
    const told: unknown[] = []
    const own = window.shop.createWaybill({
      service: 'mistaken',
      consent: 'memory-only',
      onError: (error) => told.push(error),
    })
    const mistakes: (() => Promise<unknown>)[] = [
      () => own.fetch('http://'),
      () => own.fetch('/api/x', { headers: { 'x a': '1' } }),
      () => own.fetch('/api/x', { headers: null as unknown as HeadersInit }),
      () =>
        own.fetch({
          toString: () => {
            throw new Error('mine')
          },
        } as unknown as string),
      () => own.fetch('/api/x', { signal: AbortSignal.abort() }),
    ]
    const refused = []
    for (const mistake of mistakes)
      refused.push(
        await mistake().then(
          () => 'sent',
          () => 'refused',
        ),
      )
    const actions = own.session.actions().length
    own.stop()
    return { refused, told: told.map(String), actions }
  })
  expect(seen).toEqual({ refused: Array(5).fill('refused'), told: [], actions: 0 })
})

test('a Request of a polyfill keeps its address, method, headers and body', async () => {
  const seen = await page.evaluate(async () => {
    const native = window.Request
    // As whatwg-fetch makes it: what it knows are properties of its own.
    class Polyfilled {
      url: string
      method: string
      headers: Headers
      body: BodyInit | null
      constructor(input: string | Polyfilled, init: RequestInit = {}) {
        const given = input instanceof Polyfilled ? input : undefined
        this.url = given?.url ?? (input as string)
        this.method = init.method ?? given?.method ?? 'GET'
        this.headers = new Headers(init.headers ?? given?.headers)
        this.body = init.body ?? given?.body ?? null
      }
    }
    Object.assign(window, { Request: Polyfilled })
    try {
      const own = window.shop.createWaybill({
        service: 'polyfilled',
        consent: 'memory-only',
        fetch: (input, init) => {
          const { url, method, headers, body } = new Polyfilled(input as unknown as Polyfilled, init)
          return fetch(url, { method, headers, body })
        },
      })
      await own.fetch(
        new Polyfilled('/api/polyfilled', {
          method: 'PUT',
          headers: { 'x-a': '1' },
          body: 'kept',
        }) as unknown as Request,
      )
      const [action] = own.session.actions()
      own.stop()
      return action?.calls.map(({ method, path }) => `${method} ${path}`)
    } finally {
      Object.assign(window, { Request: native })
    }
  })
  expect(seen).toEqual(['PUT /api/polyfilled'])
  const call = shop.site.calls.find(({ path }) => path === '/api/polyfilled')
  expect(call).toMatchObject({ method: 'PUT', headers: { 'x-a': '1', 'trace-attempt': '1' } })
})

test('calls to origins that are not listed go out untouched and are not kept', async () => {
  const kept = await page.evaluate(async (other) => {
    const { createWaybill } = window.shop
    const given: unknown[][] = []
    const probe = createWaybill({ service: 'probe', fetch: (...args) => (given.push(args), fetch(...args)) })
    const init = { headers: { 'x-a': '1' } }
    const response = await probe.fetch(`${other}/api/x`, init)
    const untouched = given[0]?.[1] === init && Object.getPrototypeOf(response) === Response.prototype
    const lookAlike = await probe.fetch(`${location.origin}.evil.example/api/x`).catch((error) => error.name)
    const actions = probe.session.actions().length
    probe.stop()
    return { untouched, lookAlike, actions, reference: probe.referenceOf(response) }
  }, shop.site.otherOrigin)
  expect(kept).toEqual({ untouched: true, lookAlike: 'TypeError', actions: 0 })
  expect(shop.site.calls[0]?.headers).not.toHaveProperty('traceparent')
})

test('untraced paths are compared as the platform writes them', async () => {
  const traced = await page.evaluate(async () => {
    const marked: string[] = []
    let isMarked = false
    const own = window.shop.createWaybill({
      service: 'unmarked',
      consent: 'memory-only',
      untracedPaths: ['/über', '/my files/', '/[id]', '//twice', '/%7Euser'],
      fetch: async (_, init) => {
        isMarked = new Headers(init?.headers).has('traceparent')
        return new Response()
      },
    })
    const paths = '/über /über/x /%C3%BCber /my%20files /my%20files/x /[id]/x /%7Euser'.split(' ')
    const others = '/übern /my%20filesystem /id /twice /user /'.split(' ')
    for (const path of [...paths, '/my files/x', `${location.origin}//twice/x`, ...others]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await own.fetch(path)
      if (isMarked) marked.push(path)
    }
    own.stop()
    return marked
  })
  expect(traced).toEqual('/übern /my%20filesystem /id /twice /user /'.split(' '))
})

test('a stand-in that throws at once rejects, also where the call was aborted before', async () => {
  const seen = await page.evaluate(async () => {
    const own = window.shop.createWaybill({
      service: 'throwing',
      consent: 'memory-only',
      fetch: () => {
        throw new RangeError('mine')
      },
    })
    const calls = [undefined, AbortSignal.abort()].map((signal) => own.fetch('/api/x', { signal: signal ?? null }))
    const ends = await Promise.allSettled(calls)
    own.stop()
    return ends.map((end) => (end.status === 'rejected' ? String(end.reason) : end.status))
  })
  expect(seen).toEqual(Array(2).fill('RangeError: mine'))
})

test('a traceparent that another tracer wrote is adopted, and the call counted under it', async () => {
  const foreign = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const reference = await page.evaluate(async (traceparent) => {
    const { waybill } = window.shop
    const action = waybill.begin('Pay')
    await action.fetch('/api/x', { headers: { traceparent } })
    action.succeed()
    await waybill.flush()
    return action.reference
  }, foreign)
  expect(shop.site.calls[0]?.headers).toMatchObject({ traceparent: foreign, 'trace-reference': reference })
  const call = shop.site.delivered().find(({ spanId }) => spanId === 'b7ad6b7169203331')
  expect(call).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', name: 'GET /api/x' })
  expect(call?.attributes['waybill.reference']).toBe(reference)
})

test('a traceparent that decodes to a reference says which action it is', async () => {
  const [inner, outer] = await page.evaluate(async () => {
    const { waybill } = window.shop
    const inner = waybill.begin('Inner')
    const outer = waybill.begin('Outer')
    const { traceparent = '' } = inner.headers()
    await outer.fetch('/api/x', { headers: { traceparent } })
    return [inner.reference, outer.reference]
  })
  expect(shop.site.calls[0]?.headers['trace-reference']).toBe(inner)
  expect(inner).not.toBe(outer)
})

test('headers() carries an action through XMLHttpRequest', async () => {
  const reference = await page.evaluate(async () => {
    const action = window.shop.waybill.begin('Upload')
    const request = new XMLHttpRequest()
    request.open('POST', '/api/upload')
    for (const [name, value] of Object.entries(action.headers())) request.setRequestHeader(name, value)
    await new Promise((done) => {
      request.addEventListener('loadend', done)
      request.send()
    })
    return action.reference
  })
  expect(shop.site.calls[0]?.headers).toMatchObject({ 'trace-reference': reference, 'trace-attempt': '1' })
})
