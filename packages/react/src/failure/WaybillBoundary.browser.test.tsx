import { act, cleanup, render } from '@testing-library/react'
import { StrictMode, Suspense, useState } from 'react'
import type { JSX } from 'react'
import { useErrorBoundary } from 'react-error-boundary'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { WaybillBoundary, WaybillProvider } from '@waybill/react'
import type { WaybillBoundaryProps } from '@waybill/react'
import { recordingDesk } from '../../fixtures/recordingDesk.ts'

let waybill: Waybill
let desk: ReturnType<typeof recordingDesk>
let crash: unknown
let loading: Promise<void> | undefined
beforeEach(() => {
  // React reports every caught crash there, as it should.
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  localStorage.clear()
  sessionStorage.clear()
  desk = recordingDesk()
  waybill = createWaybill({ service: 'shop-web', ...desk.options })
  waybill.session.clear()
  crash = undefined
  loading = undefined
})
afterEach(() => {
  vi.useRealTimers()
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

test('the desk is told that the page crashed while it was drawn, of the first and of the next attempt', async () => {
  crash = new Error('no items')
  const { getByText } = renderOrders()
  await waybill.flush()
  expect(desk.told('waybill.action.failure')).toEqual(['render'])
  crash = new Error('still no items')
  await act(() => userEvent.click(getByText('Try again')))
  await waybill.flush()
  expect(desk.told('waybill.action.failure')).toEqual(['render', 'render'])
})

test('the desk is not told so where the next attempt shows the failure of a call', async () => {
  crash = new Error('no items')
  const { getByText } = renderOrders()
  const failed = new Error('503')
  await expect(waybill.run('Load orders', () => Promise.reject(failed))).rejects.toThrow()
  crash = failed
  await act(() => userEvent.click(getByText('Try again')))
  await waybill.flush()
  expect(desk.told('waybill.action.failure')).toEqual(['render'])
  expect(waybill.session.actions()).toMatchObject([{ state: 'failed', attempts: 2 }, { state: 'failed' }])
})

test('what was done before the page crashed over its answer has failed for the customer, under its reference', async () => {
  crash = new Error('no items')
  const { resolve, promise } = Promise.withResolvers<void>()
  const paid = waybill.run('Pay for order', () => promise)
  resolve()
  await paid
  const [reference] = waybill.session.actions().map((record) => record.reference)
  const { code } = waybill.actionOf(reference)?.run(() => renderOrders()) ?? expect.fail('no action')
  expect(code()).toBe(reference)
  expect(waybill.session.actions()).toMatchObject([{ name: 'Pay for order', state: 'failed' }])
  await waybill.flush()
  expect(desk.told('waybill.action.failure')).toEqual(['render'])
})

test('"Try again" renders anew as the next attempt, which has succeeded after two seconds without a crash', async () => {
  crash = new Error('no items')
  const { container, getByText, code } = renderOrders()
  const reference = code()
  crash = undefined
  stopTheClock()
  await act(async () => getByText('Try again').click())
  expect(container.textContent).toContain('Orders')
  vi.advanceTimersByTime(1900)
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'open', attempts: 2 }])
  vi.advanceTimersByTime(100)
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'succeeded', attempts: 2 }])
})

test.each([
  ['within two seconds is one of the next attempt, under the reference', 1000, [{ state: 'failed', attempts: 2 }]],
  ['later is another failure', 2000, [{ state: 'succeeded' }, { state: 'failed', attempts: 1 }]],
])('a crash %s', async (_, ms, records) => {
  crash = new Error('no items')
  const { getByText, code } = renderOrders()
  crash = undefined
  stopTheClock()
  await act(async () => getByText('Try again').click())
  vi.advanceTimersByTime(ms)
  await act(() => userEvent.click(getByText('Fail')))
  vi.advanceTimersByTime(2000)
  expect(waybill.session.actions()).toMatchObject(records)
  expect(code()).toBe(waybill.session.actions().at(-1)?.reference)
})

test('what is loaded by the next attempt, behind a Suspense around it, fails under the reference', async () => {
  crash = new Error('no items')
  const { container, getByText, code } = renderOrders()
  const reference = code()
  const { promise, resolve } = Promise.withResolvers<void>()
  loading = promise
  stopTheClock()
  await act(async () => getByText('Try again').click())
  await vi.waitFor(() => expect(container.textContent).toContain('Loading'))
  vi.advanceTimersByTime(3000)
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'open', attempts: 2 }])
  loading = undefined
  await act(async () => resolve())
  await vi.waitFor(() => expect(container.querySelector('[role=alert]')?.checkVisibility()).toBe(true))
  expect(code()).toBe(reference)
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'failed', attempts: 2 }])
})

test('what is loaded by the next attempt, behind a Suspense around it, succeeds', async () => {
  crash = new Error('no items')
  const { container, getByText } = renderOrders()
  const { promise, resolve } = Promise.withResolvers<void>()
  loading = promise
  stopTheClock()
  await act(async () => getByText('Try again').click())
  await vi.waitFor(() => expect(container.textContent).toContain('Loading'))
  crash = undefined
  loading = undefined
  await act(async () => resolve())
  vi.advanceTimersByTime(2000)
  expect(waybill.session.actions()).toMatchObject([{ state: 'succeeded', attempts: 2 }])
})

test('"Try again" that takes the boundary away gives the action up', async () => {
  crash = new Error('no items')
  function Leaving(): JSX.Element | undefined {
    const [isThere, setThere] = useState(true)
    return isThere ? orders({ onReset: () => setThere(false) }) : undefined
  }
  const { container, getByText } = render(<Leaving />)
  stopTheClock()
  await act(async () => getByText('Try again').click())
  expect(container.textContent).toBe('')
  vi.advanceTimersByTime(2000)
  expect(waybill.session.actions()).toMatchObject([{ state: 'abandoned', attempts: 2 }])
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
  stopTheClock()
  await act(() => userEvent.click(getByText(record?.reference ?? '')))
  expect(container.textContent).toContain('Orders')
  vi.advanceTimersByTime(2000)
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

/** But for React, which has other timers. */
function stopTheClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
}

function orders(props: Partial<WaybillBoundaryProps>): JSX.Element {
  return (
    <StrictMode>
      <WaybillProvider waybill={waybill}>
        <Suspense fallback="Loading">
          <WaybillBoundary title="Your orders could not be shown." {...props}>
            <Orders />
          </WaybillBoundary>
        </Suspense>
      </WaybillProvider>
    </StrictMode>
  )
}

function renderOrders(props: Partial<WaybillBoundaryProps> = {}) {
  const view = render(orders(props))
  const code = () => view.container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference')
  return { ...view, code }
}

function Orders(): JSX.Element {
  const { showBoundary } = useErrorBoundary()
  // oxlint-disable-next-line typescript/only-throw-error -- as libraries for data do
  if (loading) throw loading
  if (crash !== undefined) throw crash
  return (
    <>
      <h1>Orders</h1>
      <button onClick={() => void Promise.reject(new Error('later')).catch(showBoundary)}>Fail</button>
    </>
  )
}
