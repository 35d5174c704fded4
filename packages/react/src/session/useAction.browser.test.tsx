import { act, cleanup, render } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import type { JSX } from 'react'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { ErrorNotice, ReferenceCode, useAction, WaybillProvider } from '@waybill/react'
import type { UseActionOptions, UseActionResult } from '@waybill/react'
import { recordingDesk } from '../../fixtures/recordingDesk.ts'

let waybill: Waybill
beforeEach(() => {
  waybill = createWaybill({ service: 'shop-web' })
  waybill.session.clear()
})
afterEach(() => {
  cleanup()
  waybill.stop()
})

describe('useAction', () => {
  test('mints nothing while rendering', () => {
    renderRefund(() => Promise.resolve('done'))
    expect(waybill.session.actions()).toEqual([])
  })

  test('begins exactly one action for each run, and shows its reference while it is pending', async () => {
    const work = deferred<string>()
    const { user, shown } = renderRefund(() => work.promise)
    await user.click('Refund')
    const [record, ...others] = waybill.session.actions()
    expect(others).toEqual([])
    expect(record).toMatchObject({ name: 'Request refund', state: 'open', attempts: 1 })
    expect(shown()).toEqual(['pending', record?.reference])
    await act(async () => work.resolve('done'))
    expect(shown()).toEqual(['succeeded', record?.reference])
    expect(waybill.session.actions()[0]?.state).toBe('succeeded')
    await user.click('Refund')
    expect(waybill.session.actions()).toHaveLength(2)
  })

  test.each([
    [undefined, []],
    [{ repeatable: false }, []],
    [{ repeatable: true }, [true, true, true]],
  ])('begins what may be repeated as such, and keeps it so on retry: %j', async (options, told) => {
    const desk = recordingDesk()
    waybill.stop()
    waybill = createWaybill({ service: 'shop-web', ...desk.options })
    waybill.session.clear()
    const { result } = renderRefund(() => Promise.reject(new Error('No refund')), options)
    await act(async () => void (await result().run()))
    expect(result().action?.repeatable).toBe(options?.repeatable === true)
    expect(waybill.session.actions()).toMatchObject([{ repeatable: options?.repeatable === true }])
    await act(async () => void (await result().retry()))
    await waybill.flush()
    expect(desk.told('waybill.action.repeatable').length).toBeGreaterThanOrEqual(told.length ? 2 : 0)
    expect(new Set(desk.told('waybill.action.repeatable'))).toEqual(new Set(told))
  })

  test('hands the function its action, and the caller how the run ended', async () => {
    const { result } = renderRefund((action) => Promise.resolve(action.reference))
    let settled: unknown
    await act(async () => (settled = await result().run()))
    expect(settled).toMatchObject({ status: 'succeeded', data: result().reference })
  })

  test.each(['throws', 'rejects'])('fails the action when the function %s, and never rejects', async (how) => {
    const error = new Error('No refund')
    const { user, shown } = renderRefund(() => {
      if (how === 'throws') throw error
      return Promise.reject(error)
    })
    await user.click('Refund')
    const [record] = waybill.session.actions()
    expect(record?.state).toBe('failed')
    expect(shown()).toEqual(['failed', record?.reference])
    expect(waybill.referenceOf(error)).toBe(record?.reference)
  })

  test.each(['Retry', 'Try again', 'Try again by running'])(
    'keeps the reference and counts once on "%s"',
    async (way) => {
      const { user, shown } = renderRefund(() => Promise.reject(new Error('No refund')))
      await user.click('Refund')
      const [, reference] = shown()
      await user.click(way)
      expect(shown()).toEqual(['failed', reference])
      await user.click(way)
      expect(shown()).toEqual(['failed', reference])
      expect(waybill.session.actions()).toMatchObject([{ reference, attempts: 3, state: 'failed' }])
    },
  )

  test('shows the last of overlapping runs, while each promise ends with its own', async () => {
    const works = [deferred<string>(), deferred<string>()]
    let calls = 0
    const { result } = renderRefund(() => works[calls++]?.promise ?? '')
    let first: ReturnType<ReturnType<typeof result>['run']> | undefined
    act(() => void (first = result().run()))
    const [earlier] = waybill.session.actions()
    act(() => void result().run())
    const { reference } = result()
    expect(reference).not.toBe(earlier?.reference)
    await act(async () => works[1]?.resolve('second'))
    await act(async () => works[0]?.reject(new Error('first')))
    expect(result()).toMatchObject({ status: 'succeeded', data: 'second', reference })
    expect(await first).toMatchObject({ status: 'failed', reference: earlier?.reference })
  })

  test.each([
    ['succeeds', 'fails', { state: 'failed', attempts: 2 }],
    ['fails', 'succeeds', { state: 'succeeded', attempts: 2 }],
  ])('an earlier attempt that %s does not end the action, whose last attempt %s', async (...[how, end, record]) => {
    const works = [deferred<string>(), deferred<string>(), deferred<string>()]
    let calls = 0
    const { result } = renderRefund(() => works[calls++]?.promise ?? '')
    const settle = (at: number, as: string) =>
      act(async () => (as === 'fails' ? works[at]?.reject(new Error('No refund')) : works[at]?.resolve('done')))
    act(() => void result().run())
    act(() => void result().retry())
    act(() => void result().run())
    await settle(0, how)
    expect(waybill.session.actions()[0]).toMatchObject({ state: 'open', attempts: 2 })
    await settle(1, end)
    expect(waybill.session.actions()[0]).toMatchObject(record)
  })

  test.each([undefined, null])(
    'shows a notice for a rejection with %s, which is the cause of its error',
    async (cause) => {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as some libraries do
      const { user, result, container } = renderRefund(() => Promise.reject(cause))
      await user.click('Refund')
      expect(result().error).toMatchObject({ cause })
      expect(container.querySelectorAll('[data-waybill=error-notice] [data-waybill-reference]')).toHaveLength(2)
      expect(waybill.session.actions()).toMatchObject([{ state: 'failed' }])
    },
  )

  test('forgets on reset, also what is still under way', async () => {
    const work = deferred<string>()
    const { result } = renderRefund(() => work.promise)
    act(() => void result().run())
    act(() => result().reset())
    await act(async () => work.resolve('done'))
    expect(result().status).toBe('idle')
    expect(result().retry()).toBeUndefined()
  })
})

describe('overlapping failures', () => {
  test.each([
    ['in their order', [0, 1]],
    ['in reverse', [1, 0]],
  ] as const)('each show their own reference, %s', async (_, order) => {
    const works = [deferred<never>(), deferred<never>()] as const
    const { container, getByText } = render(
      <WaybillProvider waybill={waybill}>
        <Failing name="Refund" work={works[0].promise} />
        <Failing name="Address" work={works[1].promise} />
      </WaybillProvider>,
    )
    await userEvent.click(getByText('Refund'))
    await userEvent.click(getByText('Address'))
    for (const which of order) await act(async () => works[which].reject(new Error('No')))
    const shown = [...container.querySelectorAll('[data-waybill=error-notice]')].map((notice) => [
      notice.querySelector('[data-part=title]')?.textContent,
      notice.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference'),
    ])
    expect(shown).toEqual(waybill.session.actions().map(({ name, reference }) => [`${name} failed.`, reference]))
    expect(new Set(shown.map(([, reference]) => reference)).size).toBe(2)
  })
})

function Failing({ name, work }: { readonly name: string; readonly work: Promise<never> }): JSX.Element {
  const action = useAction(name, () => work)
  return (
    <>
      <button onClick={() => void action.run()}>{name}</button>
      <ErrorNotice error={action.error} title={`${name} failed.`} />
    </>
  )
}

type Fn = Parameters<typeof useAction<[], string>>[1]

function renderRefund(fn: Fn, options?: UseActionOptions) {
  let latest: UseActionResult<[], string> | undefined
  function Refund(): JSX.Element {
    const refund = useAction('Request refund', fn, options)
    useEffect(() => {
      latest = refund
    })
    return (
      <>
        <button onClick={() => void refund.run()}>Refund</button>
        <button onClick={() => void refund.retry()}>Retry</button>
        <samp>{refund.status}</samp>
        <ReferenceCode reference={refund.reference} />
        <ErrorNotice error={refund.error} title="Not requested." onRetry={() => void refund.retry()} />
        <ErrorNotice
          error={refund.error}
          title="Not requested."
          labels={{ tryAgain: 'Try again by running' }}
          onRetry={() => void refund.run()}
        />
      </>
    )
  }
  const view = render(
    <StrictMode>
      <WaybillProvider waybill={waybill}>
        <Refund />
      </WaybillProvider>
    </StrictMode>,
  )
  return {
    container: view.container,
    user: { click: (text: string) => act(() => userEvent.click(view.getByText(text))) },
    result: () => latest ?? expect.fail('nothing was rendered'),
    shown: () => [
      view.container.querySelector('samp')?.textContent,
      view.container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference'),
    ],
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((...both) => ([resolve, reject] = both))
  return { promise, resolve, reject }
}
