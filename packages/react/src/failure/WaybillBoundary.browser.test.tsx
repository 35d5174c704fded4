import { act, cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import type { JSX } from 'react'
import { useErrorBoundary } from 'react-error-boundary'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { WaybillBoundary, WaybillProvider } from '@waybill/react'
import type { WaybillBoundaryProps } from '@waybill/react'

let waybill: Waybill
let crash: unknown
beforeEach(() => {
  // React reports every caught crash there, as it should.
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  waybill = createWaybill({ service: 'shop-web' })
  waybill.session.clear()
  crash = undefined
})
afterEach(() => {
  cleanup()
  waybill.stop()
  vi.restoreAllMocks()
})

test.each(['an error', 'a text'])(
  'a crash with %s begins and fails exactly one action, and shows its reference',
  (what) => {
    crash = what === 'a text' ? 'no items' : new Error('no items')
    const { code } = renderOrders()
    const [record, ...others] = waybill.session.actions()
    expect(others).toEqual([])
    expect(record).toMatchObject({ name: 'Show page', state: 'failed', attempts: 1 })
    expect(code()).toBe(record?.reference)
  },
)

test('an error that has a reference shows that one and begins nothing', () => {
  crash = new Error('no items')
  const action = waybill.begin('Load orders')
  action.fail(crash)
  const { code } = renderOrders()
  expect(code()).toBe(action.reference)
  expect(waybill.session.actions()).toHaveLength(1)
})

test('"Try again" renders anew as the next attempt, which succeeds when nothing crashes', async () => {
  crash = new Error('no items')
  const { container, getByText, code } = renderOrders()
  const reference = code()
  crash = undefined
  await act(() => userEvent.click(getByText('Try again')))
  expect(container.textContent).toContain('Orders')
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'succeeded', attempts: 2 }])
})

test('a crash of the next attempt keeps the reference', async () => {
  crash = new Error('no items')
  const { getByText, code } = renderOrders()
  const reference = code()
  crash = new Error('still no items')
  await act(() => userEvent.click(getByText('Try again')))
  expect(code()).toBe(reference)
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'failed', attempts: 2 }])
})

test('takes what event handlers and promises hand over', async () => {
  const { getByText, code } = renderOrders({ name: 'Show orders' })
  await act(() => userEvent.click(getByText('Fail')))
  expect(waybill.session.actions()).toMatchObject([{ name: 'Show orders', state: 'failed', reference: code() }])
})

test('hands an own fallback the reference and the way to try again', async () => {
  crash = new Error('no items')
  const { container, getByText } = renderOrders({
    fallback: ({ reference, retry }) => <button onClick={retry}>{reference}</button>,
  })
  const [record] = waybill.session.actions()
  crash = undefined
  await act(() => userEvent.click(getByText(record?.reference ?? '')))
  expect(container.textContent).toContain('Orders')
  expect(waybill.session.actions()).toMatchObject([{ state: 'succeeded', attempts: 2 }])
})

test('tells the host, and shows the notice without a code outside a provider', () => {
  crash = new Error('no items')
  const onError = vi.fn()
  const { container } = render(
    <WaybillBoundary title="Your orders could not be shown." onError={onError}>
      <Orders />
    </WaybillBoundary>,
  )
  expect(container.textContent).toContain('Your orders could not be shown.')
  expect(onError).toHaveBeenCalledExactlyOnceWith(crash, expect.anything())
})

function renderOrders(props: Partial<WaybillBoundaryProps> = {}) {
  const view = render(
    <StrictMode>
      <WaybillProvider waybill={waybill}>
        <WaybillBoundary title="Your orders could not be shown." {...props}>
          <Orders />
        </WaybillBoundary>
      </WaybillProvider>
    </StrictMode>,
  )
  const code = () => view.container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference')
  return { ...view, code }
}

function Orders(): JSX.Element {
  const { showBoundary } = useErrorBoundary()
  if (crash !== undefined) throw crash
  return (
    <>
      <h1>Orders</h1>
      <button onClick={() => void Promise.reject(new Error('later')).catch(showBoundary)}>Fail</button>
    </>
  )
}
