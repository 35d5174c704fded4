import { createWaybill } from '@waybill/browser'
import { expect, test, vi } from 'vitest'

test('in development a page that delivers nowhere is told once, and one that delivers is not', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  createWaybill({ service: 'shop-web', deliverTo: '/waybill' }).stop()
  expect(warn).not.toHaveBeenCalled()
  for (let time = 0; time < 2; time++) createWaybill({ service: 'shop-web' }).stop()
  expect(warn).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/^\[waybill\] There is no deliverTo, .* support cannot find it .* Set deliverTo to /),
  )
  warn.mockRestore()
})
