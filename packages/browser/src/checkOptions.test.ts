import { createWaybill } from '@waybill/browser'
import { afterEach, expect, test, vi } from 'vitest'

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
