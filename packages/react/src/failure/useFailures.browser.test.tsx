import { act, cleanup, render } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import type { JSX } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { ErrorNotice, Toasts, useFailures, WaybillProvider } from '@waybill/react'
import type { UseFailuresOptions } from '@waybill/react'
import '@waybill/react/styles.css'
import { recordingDesk } from '../../fixtures/recordingDesk.ts'

let waybill: Waybill
let desk: ReturnType<typeof recordingDesk>
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  desk = recordingDesk()
  waybill = createWaybill({ service: 'shop-web', ...desk.options })
})
afterEach(() => {
  cleanup()
  waybill.stop()
})

test.each(['throws', 'rejects', 'rejects with nothing'])(
  'a handler that %s brings up a notice with a reference that support finds',
  async (how) => {
    const fn = () => {
      if (how === 'throws') throw new Error('No')
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as some libraries do
      return Promise.reject(how === 'rejects' ? new Error('No') : undefined)
    }
    const { press, notices } = renderPage([fn], { name: 'Save address' })
    await press('Act 0')
    const [record, ...others] = waybill.session.actions()
    expect(others).toEqual([])
    expect(record).toMatchObject({ name: 'Save address', state: 'failed' })
    expect(notices()).toEqual([record?.reference])
    await waybill.flush()
    expect(desk.told('waybill.action.failure')).toEqual([])
  },
)

test.each([
  ['in their order', [0, 1]],
  ['in reverse', [1, 0]],
] as const)('overlapping failures each keep their own reference, %s', async (_, order) => {
  const works = [failingLater(), failingLater()] as const
  const { press, notices } = renderPage(
    works.map(
      ({ promise }, at) =>
        () =>
          waybill.run(`Action ${at}`, () => promise),
    ),
  )
  await press('Act 0')
  await press('Act 1')
  const references = waybill.session.actions().map(({ reference }) => reference)
  for (const at of order) await act(async () => works[at].reject(new Error(`${at}`)))
  await vi.waitFor(() => expect(notices()).toEqual(order.map((at) => references[at])))
})

test('"Try again" takes the notice away and goes on under its reference, to its success', async () => {
  let isBroken = true
  const { press, notices } = renderPage([() => (isBroken ? Promise.reject(new Error('No')) : Promise.resolve())])
  await press('Act 0')
  const [reference] = notices()
  await press('Try again')
  expect(notices()).toEqual([reference])
  isBroken = false
  await press('Try again')
  expect(notices()).toEqual([])
  expect(waybill.session.actions()).toMatchObject([{ reference, state: 'succeeded', attempts: 3 }])
})

test('what is reported from an effect, as by the error page of a router, is one failure with one reference', async () => {
  const crash = new Error('no items')
  function ErrorPage(): JSX.Element {
    const { failures, report } = useFailures({ name: 'Show page' })
    useEffect(() => report(crash, { during: 'render' }), [report])
    return (
      <>
        {failures.map(({ id, reference }) => (
          <ErrorNotice key={id} variant="page" title="Not shown." reference={reference} />
        ))}
      </>
    )
  }
  const { container } = render(
    <StrictMode>
      <WaybillProvider waybill={waybill}>
        <ErrorPage />
      </WaybillProvider>
    </StrictMode>,
  )
  const shown = [...container.querySelectorAll('[data-waybill-reference] code')].map((code) => code.textContent)
  expect(shown).toEqual(waybill.session.actions().map(({ reference }) => reference))
  expect(shown).toHaveLength(1)
  await waybill.flush()
  expect(desk.told('waybill.action.failure')).toEqual(['render'])
})

test('cancelled work is no failure', async () => {
  const { press, notices } = renderPage([() => Promise.reject(new DOMException('', 'AbortError'))])
  await press('Act 0')
  expect(notices()).toEqual([])
  expect(waybill.session.actions()).toEqual([])
})

test('what nobody handled on the whole page shows its certain reference, and what has none shows nothing', async () => {
  const { notices } = renderPage([], { catches: 'unhandled' })
  const error = new Error('503')
  const action = waybill.begin('Pay')
  action.fail(error)
  // Made by hand, for the test runner takes a real one for a failure of the test.
  for (const reason of [new Error('of nobody'), error]) {
    const promise = Promise.reject(reason)
    promise.catch(() => undefined)
    act(
      () => void dispatchEvent(new PromiseRejectionEvent('unhandledrejection', { promise, reason, cancelable: true })),
    )
  }
  expect(notices()).toEqual([action.reference])
})

describe('a toast', () => {
  test('stays, is left by Escape, and gives the focus back', async () => {
    const { press, notices, getByText } = renderPage([() => Promise.reject(new Error('No'))])
    await press('Act 0')
    getByText('Act 0').focus()
    await userEvent.keyboard('{Tab}')
    expect(document.activeElement?.closest('[data-variant=toast]')).not.toBeNull()
    await act(() => userEvent.keyboard('{Escape}'))
    expect(notices()).toEqual([])
    expect(document.activeElement).toBe(getByText('Act 0'))
  })

  test('is scrolled to where the toasts before it fill the window, and stays there as one of them goes', async () => {
    await page.viewport(1000, 700)
    const { getByText, getAllByText, getAllByRole } = renderPage([() => Promise.reject(new Error('No'))])
    // A mouse would scroll, and the toasts cover the button.
    for (let count = 0; count < 8; count++) await act(async () => getByText('Act 0').click())
    const bottom = () => getAllByRole('alert').at(-1)?.closest('section')?.getBoundingClientRect().bottom
    const [height = 0] = getAllByRole('alert').map((alert) => alert.closest('section')?.clientHeight)
    expect(height * 8).toBeGreaterThan(innerHeight)
    expect(bottom()).toBeLessThanOrEqual(innerHeight)
    const corner = document.querySelector('[data-waybill-toasts]')!
    corner.scrollTop = 0
    await act(async () => getAllByText('Dismiss')[0]?.click())
    expect(getAllByRole('alert')).toHaveLength(7)
    expect(corner.scrollTop).toBe(0)
    await page.viewport(414, 896)
  })

  test('does not take the focus, and is dismissed by its button alone', async () => {
    const { press, notices, getByText } = renderPage([
      () => Promise.reject(new Error('No')),
      () => Promise.reject(new Error('Neither')),
    ])
    await press('Act 0')
    await press('Act 1')
    expect(document.activeElement).toBe(getByText('Act 1'))
    const [, second] = notices()
    await press('Dismiss')
    expect(notices()).toEqual([second])
  })
})

function Page({ fns, options }: PageProps): JSX.Element {
  const { failures, guard } = useFailures(options)
  return (
    <>
      {fns.map((fn, at) => (
        <button key={`${at}`} onClick={guard(fn)}>{`Act ${at}`}</button>
      ))}
      <Toasts>
        {failures.map((failure) => (
          <ErrorNotice key={failure.id} variant="toast" title="It did not work." {...failure} />
        ))}
      </Toasts>
    </>
  )
}

interface PageProps {
  readonly fns: readonly (() => unknown)[]
  readonly options: UseFailuresOptions
}

function renderPage(fns: readonly (() => unknown)[], options: UseFailuresOptions = {}) {
  const view = render(
    <StrictMode>
      <WaybillProvider waybill={waybill}>
        <Page fns={fns} options={options} />
      </WaybillProvider>
    </StrictMode>,
  )
  return {
    ...view,
    press: (text: string) => act(() => userEvent.click(view.getAllByText(text)[0] ?? expect.fail(text))),
    notices: () =>
      [...view.container.querySelectorAll('[data-waybill=error-notice]')].map((notice) =>
        notice.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference'),
      ),
  }
}

function failingLater() {
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<never>((_, refuse) => (reject = refuse))
  return { promise, reject }
}
