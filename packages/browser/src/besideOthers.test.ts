import { parseTraceparent, referenceOfTraceId } from '@waybill/reference'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openBundle } from '../fixtures/openBundle.ts'
import type { Bundle } from '../fixtures/openBundle.ts'
import type { SeenCall } from '../fixtures/site.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await openBundle('besidePage.ts')
})
afterAll(() => bundle.close())
beforeEach(() => {
  bundle.site.calls.length = 0
})

const SHAPES = ['init', 'request', 'request and init', 'form', 'get', 'other origin'] as const

/** One call of each shape, by a handle and drop-in; returns what the page holds for each. */
async function callAll(page: Page): Promise<Record<string, string | undefined>> {
  return page.evaluate(async () => {
    const { waybill, other } = window.beside
    const references: Record<string, string | undefined> = {}
    const form = new FormData()
    form.set('a', '1')
    const headers = { 'X-App': 'shop' }
    const post = { method: 'POST', body: 'one', headers }
    const handle = waybill.begin('Beside')
    for (const [way, send] of Object.entries({ handle: handle.fetch, drop: waybill.fetch })) {
      const all: Record<string, () => Promise<Response>> = {
        init: () => send(`/api/${way}-init`, post),
        request: () => send(new Request(`/api/${way}-request`, post)),
        'request and init': () => send(new Request(`/api/${way}-request and init`, post), { method: 'PUT' }),
        form: () => send(`/api/${way}-form`, { method: 'POST', body: form, headers }),
        get: () => send(`/api/${way}-get`, { headers }),
        'other origin': () => send(`${other}/api/${way}-other origin`, post),
      }
      for (const [shape, call] of Object.entries(all)) {
        // Each in a task of its own, so that no other call's continuation tells whose it is.
        await new Promise((begin) => void setTimeout(begin))
        references[`/api/${way}-${shape}`] = waybill.referenceOf(await call())
      }
      if (way === 'handle') references['handle'] = handle.reference
    }
    return references
  })
}

const METHODS: Readonly<Record<(typeof SHAPES)[number], string>> = {
  init: 'POST',
  request: 'POST',
  'request and init': 'PUT',
  form: 'POST',
  get: 'GET',
  'other origin': 'POST',
}

const callTo = (path: string): SeenCall | undefined => bundle.site.calls.find((call) => decodeURI(call.path) === path)

const ALL = [
  { sdk: 'sentry', order: 'before' },
  { sdk: 'sentry', order: 'after' },
  { sdk: 'datadog', order: 'before' },
  { sdk: 'datadog', order: 'after' },
  { sdk: 'datadog as it comes', order: 'after' },
  { sdk: 'opentelemetry', order: 'after' },
  { sdk: 'opentelemetry', order: 'before', under: '' },
  { sdk: 'opentelemetry', order: 'after', under: '' },
]

test.each(ALL)('one traceparent, an intact request and the right reference beside $sdk set up $order', async (set) => {
  const page = await bundle.visit(set)
  const references = await callAll(page)
  const seen = Object.fromEntries(
    ['handle', 'drop'].flatMap((way) =>
      SHAPES.map((shape) => {
        const path = `/api/${way}-${shape}`
        const { method, body = '', headers = {} } = callTo(path) ?? {}
        const traceparent = headers['traceparent']
        const carried = parseTraceparent(traceparent)
        const decoded = carried && referenceOfTraceId(carried.traceId)?.reference
        const isRight =
          headers['trace-reference'] === references[path] &&
          (way === 'drop' || references[path] === references['handle'])
        return [
          path,
          {
            method,
            app: headers['x-app'],
            hasBody: shape === 'get' ? body === '' : body.includes('1') || body === 'one',
            traceparent: carried ? 'one' : traceparent,
            reference: isRight ? 'right' : `${String(headers['trace-reference'])}, not ${references[path]}`,
            decodesTo: decoded === references[path] ? 'the same' : (decoded ?? 'none'),
          },
        ]
      }),
    ),
  )
  const wanted = ['handle', 'drop'].flatMap((way) =>
    SHAPES.map((shape) => [
      `/api/${way}-${shape}`,
      {
        method: METHODS[shape],
        app: 'shop',
        hasBody: true,
        traceparent: 'one',
        reference: 'right',
        decodesTo: 'the same',
      },
    ]),
  )
  expect(seen).toEqual(Object.fromEntries(wanted))
})
