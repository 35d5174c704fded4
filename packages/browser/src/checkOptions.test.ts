import { createWaybill } from '@waybill/browser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MockInstance } from 'vitest'

afterEach(() => vi.unstubAllGlobals())

test.each([undefined, {}])(
  'a page whose process is %o says nothing of development, and nothing is checked',
  (process) => {
    const wrong = { service: 'shop-web', prefix: '?' }
    expect(() => createWaybill(wrong)).toThrow('[waybill] prefix')
    vi.stubGlobal('process', process)
    let fault: unknown
    try {
      createWaybill(wrong).stop()
    } catch (error) {
      fault = error
    }
    vi.unstubAllGlobals()
    expect(fault).toBeUndefined()
  },
)

describe('an option that there is not', () => {
  let warn: MockInstance<typeof console.warn>
  beforeEach(() => void (warn = vi.spyOn(console, 'warn').mockImplementation(() => {})))
  afterEach(() => warn.mockRestore())

  test.each([
    ['deliverto', 'deliverTo'],
    ['delivrTo', 'deliverTo'],
    ['tracedOrigin', 'tracedOrigins'],
    ['fallBackTo', 'fallbackTo'],
    ['Key', 'key'],
    ['on_error', 'onError'],
    ['sampleShare', 'sampledShare'],
  ])('named %s is said once, with %s as what was meant', (name, meant) => {
    const options = { service: 'shop-web', [name]: 'x' }
    for (let time = 0; time < 2; time++) createWaybill(options).stop()
    expect(warn.mock.calls).toEqual([
      [`[waybill] createWaybill does not know "${name}", so it does nothing. Did you mean "${meant}"?`],
    ])
  })

  test('like no other is said with all that there are', () => {
    const options = { service: 'shop-web', endpoint: 'https://desk.shop.example' }
    createWaybill(options).stop()
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^\[waybill\] createWaybill does not know "endpoint", .+ It knows service, deliverTo, /)],
    ])
  })

  test('is not looked for among those that there are', () => {
    const known = {
      deliverTo: undefined,
      fallbackTo: undefined,
      key: undefined,
      doctor: true,
      consent: 'granted',
    } as const
    createWaybill({ service: 'shop-web', now: Date.now, random: undefined, storage: undefined, ...known }).stop()
    expect(warn).not.toHaveBeenCalled()
  })
})

describe.each(['deliverTo', 'fallbackTo'])('%s', (name) => {
  const create = (value: string) =>
    createWaybill({
      service: 'shop-web',
      ...(name === 'fallbackTo' && { deliverTo: '/' }),
      [name]: value,
    }).stop()

  test.each([
    '',
    '/',
    '/waybill',
    '/waybill/',
    './waybill',
    '//desk.shop.example',
    'https://desk.shop.example',
    'HTTPS://desk.shop.example/base/',
    'http://localhost:4100',
    'http://[::1]:4100/v1/tracesome',
  ])('may be %j', (value) => expect(() => create(value)).not.toThrow())

  test.each([
    'desk.shop.example',
    'localhost:4100',
    'desk.shop.example:4100/x',
    'waybill',
    'ftp://desk',
    'https://',
    '///',
  ])('%j is refused: it would be a path of the page', (value) =>
    expect(() => create(value)).toThrow(`[waybill] ${name} is not an address of http or https`),
  )

  test.each([
    '/v1/traces',
    'https://desk.shop.example/v1/traces',
    '/waybill/V1/traces/',
    'https://desk/?key=x',
    '/a#b',
  ])('%j is refused: what it holds is added', (value) =>
    expect(() => create(value)).toThrow(`[waybill] ${name} is not a base URL: /v1/traces is added`),
  )
})
