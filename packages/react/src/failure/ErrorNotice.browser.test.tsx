import { act, cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Waybill, WaybillOptions } from '@waybill/browser'
import { mailto } from '@waybill/browser/support'
import { mintReference } from '@waybill/reference'
import { Confirmation, ContactSupport, ErrorNotice, Toasts, WaybillProvider } from '@waybill/react'
import type { ErrorNoticeProps } from '@waybill/react'
import '@waybill/react/styles.css'
import { listen } from '../../fixtures/listen.ts'

let waybill: Waybill | undefined
afterEach(() => {
  cleanup()
  waybill?.session.clear()
  waybill?.stop()
  waybill = undefined
})

describe('what shows', () => {
  test('nothing, while nothing failed', () => {
    const { container } = renderNotice({ error: null })
    expect(container.innerHTML).toBe('')
  })

  test('the title and what to do, when the failure has no reference', () => {
    const { container, getByRole } = renderNotice({ error: new Error('of nobody'), onRetry: () => undefined })
    expect(getByRole('alert').textContent).toBe('Your refund was not requested.')
    expect(getByRole('button').textContent).toBe('Try again')
    expect(container.querySelector('[data-waybill-reference]')).toBeNull()
  })

  test('a given reference rather than the error’s own', () => {
    const reference = mintReference()
    const { code } = renderNotice({ error: failure(), reference })
    expect(code()).toBe(reference)
  })

  test('the notice outside a provider too, for error screens come up anywhere', () => {
    const reference = mintReference()
    const { container } = render(<ErrorNotice reference={reference} title="Not shown." onRetry={() => undefined} />)
    expect(container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference')).toBe(reference)
  })

  test('the title in the alert, and the code and its note outside of it', () => {
    const { getByRole } = renderNotice({ error: failure() })
    expect(getByRole('alert').querySelector('[data-waybill-reference], output')).toBeNull()
  })

  test('the link to support with the reference, and says that it is attached', async () => {
    const error = failure({ deliverTo: '/desk', fetch: () => Promise.resolve(new Response()) })
    const { code, getByRole, note } = renderNotice({
      error,
      contact: <ContactSupport channel={mailto({ to: 'help@shop.example' })} />,
    })
    await act(() => waybill?.flush())
    expect(getByRole('link').getAttribute('href')).toContain(`mailto:help@shop.example?subject=Reference%20${code()}&`)
    await vi.waitFor(() =>
      expect(note()).toBe(
        'Support can find what happened with this reference. It is attached when you contact us from here.',
      ),
    )
  })
})

describe('under the code', () => {
  test('says who can find it once the desk has it', async () => {
    const error = failure({ deliverTo: '/desk', fetch: () => Promise.resolve(new Response()) })
    const { note } = renderNotice({ error })
    await act(() => waybill?.flush())
    await vi.waitFor(() => expect(note()).toBe('Support can find what happened with this reference.'))
  })

  test('says that it is still being sent while the desk stays out of reach, and announces each change once', async () => {
    let isOnline = false
    const fetch = () => (isOnline ? Promise.resolve(new Response()) : Promise.reject(new TypeError('Failed to fetch')))
    const error = failure({ deliverTo: '/desk', fetch })
    await act(() => waybill?.flush())
    const { note, status } = renderNotice({ error })
    const saved = 'Saved on this device. We are still sending it to support.'
    await vi.waitFor(() => expect(note()).toBe(saved), 5000)
    const changes = listen(status())
    isOnline = true
    await act(() => waybill?.flush())
    await vi.waitFor(() => expect(note()).toBe('Support can find what happened with this reference.'))
    expect(changes).toHaveLength(1)
  })

  test('says nothing of a step that is saved for a moment, before the desk has it too', async () => {
    const error = failure({ deliverTo: '/desk', fetch: () => Promise.resolve(new Response()) })
    await act(() => waybill?.flush())
    const { note, status, code } = renderNotice({ error })
    const delivered = 'Support can find what happened with this reference.'
    await vi.waitFor(() => expect(note()).toBe(delivered))
    const changes = listen(status())
    const reference = code()
    const states: unknown[] = []
    waybill?.session.subscribe(() => {
      states.push(waybill?.session.actions().find((record) => record.reference === reference)?.delivery)
    })
    const failed = waybill?.referenceOf(error)
    act(() => failed && waybill?.actionOf(failed)?.retry())
    await act(() => waybill?.flush())
    await vi.waitFor(() => expect(states.at(-1)).toBe('delivered'))
    expect(new Set(states).size).toBeGreaterThan(1)
    expect(changes).toEqual([])
  })

  test('says nothing of it while a burst waits its second, at a desk that takes half of one to answer', async () => {
    let requests = 0
    const fetch = (): Promise<Response> => {
      requests++
      return new Promise((answer) => setTimeout(answer, 500, new Response()))
    }
    failure({ deliverTo: '/desk', fetch })
    await vi.waitFor(() => expect(requests).toBe(1), 3000)
    const second = new Error('No refund either')
    waybill?.begin('Request another refund').fail(second)
    const { note, status } = renderNotice({ error: second })
    const changes = listen(status())
    const delivered = 'Support can find what happened with this reference.'
    await vi.waitFor(() => expect(note()).toBe(delivered), 5000)
    expect(changes).toEqual([delivered])
  })

  test('asks to copy it where storage refused', async () => {
    const storage = { profile: refusing(), tab: refusing() }
    const { note } = renderNotice({
      error: failure({ storage, deliverTo: '/desk', fetch: () => Promise.reject(new TypeError('Failed to fetch')) }),
    })
    await act(() => waybill?.flush())
    await vi.waitFor(() => expect(note()).toBe('Copy this reference before you leave the page.'))
  })

  test('explains itself', async () => {
    const { getByText } = renderNotice({ error: failure({ deliverTo: '/desk' }) })
    await userEvent.click(getByText('What is this?'))
    const answer = 'A number for what you just did. Support uses it to find it. Safe to share.'
    expect(getByText(answer).checkVisibility()).toBe(true)
  })
})

describe('to a screen reader', () => {
  test.each([
    ['inline', 2],
    ['page', 1],
  ] as const)('its title, %s, is a heading of level %i and names the region', (variant, level) => {
    const { getByRole } = renderNotice({ error: failure(), variant })
    const title = 'Your refund was not requested.'
    expect(getByRole('region', { name: title })).toBe(getByRole('heading', { level, name: title }).closest('section'))
  })

  test('a name of the app’s own is not overruled', () => {
    const { getByRole } = renderNotice({ error: failure(), 'aria-label': 'Refund' })
    expect(getByRole('region', { name: 'Refund' }).hasAttribute('aria-labelledby')).toBe(false)
  })

  test('a focus that is put on it lands on the named region, and the alert has spoken once', async () => {
    const heard = listen(document.body)
    const error = failure()
    const { getByRole } = renderNotice({ error, tabIndex: -1 })
    getByRole('region').focus()
    expect(document.activeElement).toBe(getByRole('region', { name: 'Your refund was not requested.' }))
    await act(() => waybill?.flush())
    expect(getByRole('alert').textContent).toBe('Your refund was not requested.')
    expect(heard.filter((text) => text.includes('Your refund'))).toEqual([])
  })

  test('a confirmation names its region, too', () => {
    const { getByRole } = render(<Confirmation reference={mintReference()} title="Refund requested" tabIndex={-1} />)
    expect(getByRole('region', { name: 'Refund requested' })).toBeDefined()
  })
})

test('what helps instead of the same again stands first, and begins no attempt', async () => {
  const onClick = vi.fn()
  const { getAllByRole, getByText } = renderNotice({
    error: failure(),
    primaryAction: <button onClick={onClick}>Use another card</button>,
    contact: <ContactSupport channel={mailto({ to: 'help@shop.example' })} />,
  })
  await userEvent.click(getByText('Use another card'))
  expect(onClick).toHaveBeenCalledOnce()
  expect(waybill?.session.actions()).toMatchObject([{ state: 'failed', attempts: 1 }])
  const [, first] = getAllByRole('button')
  expect(first?.textContent).toBe('Use another card')
  const { backgroundColor, minHeight } = getComputedStyle(getByText('Use another card'))
  expect([backgroundColor, minHeight]).toEqual(['rgb(29, 78, 216)', '44px'])
})

describe('two toasts on a phone', () => {
  test.each([
    ['', 390, 0.35],
    ['"Try again" and "Contact support"', 390, 0.45],
    ['everything on a desktop', 1280, 1],
  ] as const)('%s, %i pixels wide, cover at most %f of it, whole and with their codes', async (what, width, share) => {
    await page.viewport(width, 844)
    waybill = createWaybill({ service: 'shop-web', deliverTo: '/desk', fetch: () => Promise.resolve(new Response()) })
    const both = [mintReference(), mintReference()]
    const { container, getAllByRole } = render(
      <WaybillProvider
        waybill={waybill}
        contact={what && <ContactSupport channel={mailto({ to: 'help@shop.example' })} />}
      >
        <Toasts>
          {both.map((reference) => (
            <ErrorNotice
              key={reference}
              variant="toast"
              reference={reference}
              title="Your address was not saved."
              onRetry={what ? () => undefined : undefined}
              onDismiss={() => undefined}
            />
          ))}
        </Toasts>
      </WaybillProvider>,
    )
    const corner = container.querySelector('[data-waybill-toasts]') ?? expect.fail('no toasts')
    expect(getAllByRole('group', { name: 'Your address was not saved.' })).toHaveLength(2)
    expect(getAllByRole('region')).toEqual([corner])
    expect(corner.clientHeight).toBeLessThanOrEqual(844 * share)
    expect(corner.scrollHeight).toBe(corner.clientHeight)
    const codes = [...corner.querySelectorAll('[data-waybill-reference]')]
    expect(codes.map((code) => code.getAttribute('data-waybill-reference'))).toEqual(both)
    for (const button of [
      ...codes,
      ...getAllByRole('button', { name: 'Dismiss' }),
      ...(what ? getAllByRole('link') : []),
    ]) {
      const { x, y, width, height } = button.getBoundingClientRect()
      expect(button.contains(document.elementFromPoint(x + width / 2, y + height / 2))).toBe(true)
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
    }
    expect(container.querySelector('summary')?.checkVisibility()).toBe(width > 480)
    await page.viewport(414, 896)
  })
})

test('copying changes one live region once, and so does its delivery', async () => {
  const error = failure({ deliverTo: '/desk', fetch: () => Promise.resolve(new Response()) })
  const { container } = renderNotice({ error, children: 'You have not been charged.' })
  const heard = listen(container)
  await act(() => waybill?.flush())
  const delivered = 'Support can find what happened with this reference.'
  await vi.waitFor(() => expect(heard).toEqual([delivered]))
  await userEvent.keyboard('{Tab}{Enter}')
  await vi.waitFor(() => expect(heard.slice(1)).toEqual([expect.stringMatching(/copied|did not copy/)]))
})

test('"Try again" runs inside the failed action, as its next attempt', async () => {
  const error = failure()
  const seen: unknown[] = []
  const { code, getByText } = renderNotice({ error, onRetry: () => seen.push(waybill?.current()?.reference) })
  const reference = code()
  await userEvent.click(getByText('Try again'))
  expect(seen).toEqual([reference])
  expect(waybill?.session.actions()).toMatchObject([{ reference, state: 'open', attempts: 2 }])
})

test('tells support what it says, of each failure, where its title is plain text', async () => {
  const bodies: string[] = []
  const error = failure({
    deliverTo: '/desk',
    fetch: (_, init) => {
      if (typeof init?.body === 'string') bodies.push(init.body)
      return Promise.resolve(new Response())
    },
  })
  const { rerender } = renderNotice({ error })
  await act(() => waybill?.flush())
  expect(bodies.join()).toContain('"waybill.screen.text","value":{"stringValue":"Your refund was not requested."}')
  bodies.length = 0
  const action = waybill?.actionOf(waybill.referenceOf(error))
  action?.retry()
  const again = new Error('Nor now')
  action?.fail(again)
  const marked = <ErrorNotice error={again} title={<em>Not requested</em>} />
  rerender(waybill ? <WaybillProvider waybill={waybill}>{marked}</WaybillProvider> : marked)
  const plain = <ErrorNotice error={again} title="Your refund was not requested." />
  rerender(waybill ? <WaybillProvider waybill={waybill}>{plain}</WaybillProvider> : plain)
  await act(() => waybill?.flush())
  expect(bodies.join().match(/waybill\.screen\.text/g)).toHaveLength(1)
})

/** An error of an action that failed in a fresh `waybill`. */
function failure(options: Partial<WaybillOptions> = {}): Error {
  waybill = createWaybill({ service: 'shop-web', ...options })
  const error = new Error('No refund')
  waybill.begin('Request refund').fail(error)
  return error
}

function renderNotice(props: Partial<Extract<ErrorNoticeProps, { variant?: 'inline' | 'page' | undefined }>>) {
  waybill ??= createWaybill({ service: 'shop-web' })
  const view = render(
    <WaybillProvider waybill={waybill}>
      <ErrorNotice title="Your refund was not requested." {...props} />
    </WaybillProvider>,
  )
  const status = () => view.container.querySelector('[data-part=note] output') ?? expect.fail('no note')
  return {
    ...view,
    status,
    note: () => status().textContent,
    code: () => view.container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference'),
  }
}

function refusing(): Storage {
  const refuse = (): never => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
  return { length: 0, key: () => null, getItem: () => null, setItem: refuse, removeItem: refuse, clear: refuse }
}
