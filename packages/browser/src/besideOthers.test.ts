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
  { sdk: 'opentelemetry as it comes', order: 'before' },
  { sdk: 'opentelemetry as it comes', order: 'after' },
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
            // A tracer with ids of its own may write its trace; another action's reference never.
            decodesTo: decoded === references[path] || !decoded ? 'no other' : decoded,
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
        decodesTo: 'no other',
      },
    ]),
  )
  expect(seen).toEqual(Object.fromEntries(wanted))
})

type Errors = Readonly<Record<'own' | 'wrapped' | 'unrelated', string | undefined>>

/** Reports three errors to the SDK: a call's, one that wraps another call's, and one of no call. Returns which reference each should carry. */
async function report(page: Page): Promise<Errors> {
  return page.evaluate(async () => {
    const { waybill, sdk } = window.beside
    const [first, second] = [waybill.begin('First'), waybill.begin('Second')]
    const [own, response] = await Promise.all([
      first.fetch('/api/x?break=1&wait=20', { method: 'POST' }).catch((error: unknown) => error),
      second.fetch('/api/x?status=500&wait=10'),
    ])
    sdk.capture?.(Object.assign(own instanceof Error ? own : new Error('none'), { name: 'own' }))
    sdk.capture?.(Object.assign(new Error('Not paid', { cause: response }), { name: 'wrapped' }))
    sdk.capture?.(Object.assign(new Error('Broken chart'), { name: 'unrelated' }))
    return { own: first.reference, wrapped: second.reference, unrelated: undefined }
  })
}

const sentBy = (sdk: 'sentry' | 'datadog'): unknown[] =>
  bundle.site.calls
    .filter(({ path }) => path === (sdk === 'sentry' ? '/api/1/envelope/' : '/api/datadog'))
    .flatMap(({ body }) =>
      body
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line)),
    )

test.each(['before', 'after'])('Sentry’s events carry the reference as a tag, set up %s', async (order) => {
  const page = await bundle.visit({ sdk: 'sentry', order })
  const expected = await report(page)
  const events = (): [string, string | undefined][] =>
    sentBy('sentry')
      .filter(
        (item): item is { exception: { values: { type: string }[] }; tags?: Record<string, string> } =>
          Object(item).exception,
      )
      .map(({ exception, tags }) => [exception.values.at(-1)?.type ?? '', tags?.['trace_reference']])
  await expect.poll(() => events().length).toBe(3)
  expect(Object.fromEntries(events())).toEqual(expected)
})

test.each(['before', 'after'])('Datadog’s errors carry the reference in their context, set up %s', async (order) => {
  const page = await bundle.visit({ sdk: 'datadog', order })
  const expected = await report(page)
  await page.evaluate(() => window.beside.waybill.fetch('/api/resource'))
  await page.waitForFunction(() => window.beside.sdk.resources?.().some((url) => url.endsWith('/api/resource')))
  // Its batch leaves with the page.
  await page.goto('about:blank')
  const events = () =>
    sentBy('datadog').filter(
      (
        item,
      ): item is {
        type: string
        error?: { type: string }
        resource?: { url: string }
        context?: Record<string, string>
      } => typeof Object(item).type === 'string',
    )
  const errors = () =>
    events()
      .filter(({ type }) => type === 'error')
      .map(({ error, context }) => [error?.type, context?.['trace_reference']])
  await expect.poll(() => errors().length).toBe(3)
  expect(Object.fromEntries(errors())).toEqual(expected)
  if (order === 'after') return
  const resource = events().find((event) => event.resource?.url.endsWith('/api/resource'))
  expect(resource?.context?.['trace_reference']).toBe(callTo('/api/resource')?.headers['trace-reference'])
})

test.each(['before', 'after'])(
  'OpenTelemetry’s traces are references, and its span of a call is the call’s child, set up %s',
  async (order) => {
    const page = await bundle.visit({ sdk: 'opentelemetry', order, under: '' })
    const [reference, button] = await page.evaluate(() => {
      const { waybill, sdk } = window.beside
      sdk.root?.('outside')
      const action = waybill.begin('Pay')
      action.run(() => sdk.root?.('inside'))
      const button = Object.assign(document.createElement('button'), { textContent: 'Order' })
      button.addEventListener('click', () => {
        sdk.root?.('clicked')
        void waybill.fetch('/api/clicked', { method: 'POST' })
      })
      document.body.append(button)
      return [action.reference, button.textContent]
    })
    await page.getByText(button ?? '').click()
    await expect.poll(() => page.evaluate(() => window.beside.sdk.spans?.().length)).toBe(4)
    const spans = await page.evaluate(() => window.beside.sdk.spans?.() ?? [])
    const of = (name: string) => spans.find((span) => span.name === name)
    const referenceIn = (name: string) => referenceOfTraceId(of(name)?.traceId)?.reference
    const { headers } = callTo('/api/clicked') ?? {}
    expect(referenceIn('outside')).toMatch(/^[\dA-Z]{3}-[\dA-Z]{3}-[\dA-Z]{3}$/)
    expect(referenceIn('inside')).toBe(reference)
    expect(referenceIn('clicked')).toBe(headers?.['trace-reference'])
    expect(of('POST')?.traceId).toBe(of('clicked')?.traceId)
    expect(of('POST')?.parentId).toMatch(/^[\da-f]{16}$/)
  },
)
