import { createWaybill } from '@waybill/browser'
import { expect, test, vi } from 'vitest'

test('a length too short for the traffic is said once, with the length to set', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  // That nothing is delivered is said once, too.
  createWaybill({ service: 'shop-web' }).stop()
  warn.mockClear()
  createWaybill({ service: 'shop-web', traffic: { actionsPerDay: 1_000, keptDays: 30 } }).stop()
  createWaybill({ service: 'shop-web', length: 10, traffic: { actionsPerDay: 1e6, keptDays: 30 } }).stop()
  expect(warn).not.toHaveBeenCalled()
  for (let time = 0; time < 2; time++) {
    createWaybill({ service: 'shop-web', traffic: { actionsPerDay: 1e6, keptDays: 30 } }).stop()
  }
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^\[waybill\] .*Set length: 10\.$/))
  warn.mockRestore()
})

test('traffic that is no number is refused at once', () => {
  const traffic = { actionsPerDay: Number.NaN, keptDays: 30 }
  expect(() => createWaybill({ service: 'shop-web', traffic })).toThrow(RangeError)
})
