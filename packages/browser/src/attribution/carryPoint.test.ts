import { expect, test } from 'vitest'
import { carryPoint as pointOfPlugin } from '../../../carry/src/carryPoint.ts'
import { carryPoint } from './carryPoint.ts'
import { createWaybill } from '@waybill/browser'

test('the build plugin and the waybill mean the same object of a page, whichever comes first', () => {
  const symbol = Symbol.for('waybill.carry.1')
  try {
    const point = carryPoint(globalThis)
    expect(pointOfPlugin()).toBe(point)
    Reflect.deleteProperty(globalThis, symbol)
    const plugins = pointOfPlugin()
    expect(carryPoint(globalThis)).toBe(plugins)
    expect(plugins).toEqual(point)
    expect(Object.keys(plugins)).toEqual(Object.keys(point))
  } finally {
    Reflect.deleteProperty(globalThis, symbol)
  }
})

test('without a page nothing is left on the server’s global object, and what runs is in force all the same', () => {
  const waybill = createWaybill({ service: 'shop-web' })
  const action = waybill.begin('Job')
  expect(action.run(() => waybill.current()?.reference)).toBe(action.reference)
  expect(waybill.current()).toBeUndefined()
  expect(Symbol.for('waybill.carry.1') in globalThis).toBe(false)
})
