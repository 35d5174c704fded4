import { act, cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Action, Waybill } from '@waybill/browser'
import { mailto, pageLink } from '@waybill/browser/support'
import type { SupportChannel } from '@waybill/browser/support'
import { ContactSupport, ErrorNotice, WaybillProvider } from '@waybill/react'
import { listen } from '../../fixtures/listen.ts'
import { recordingChannel } from '../../fixtures/recordingChannel.ts'

let waybill: Waybill
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  waybill = createWaybill({ service: 'shop-web', deliverTo: '/desk', fetch: () => Promise.resolve(new Response()) })
})
afterEach(() => {
  cleanup()
  waybill.stop()
})

describe('in a notice', () => {
  test('the chat has the reference as the notice appears, and gives it back as it goes', async () => {
    const { channel, steps } = recordingChannel()
    const { reference } = failing('Pay')
    const { rerender } = renderNotices(channel, [reference])
    await vi.waitFor(() => expect(steps.at(-1)).toBe(`attach ${reference}`))
    rerender(notices(channel, []))
    await vi.waitFor(() => expect(steps.at(-1)).toBe('clear'))
  })

  test('once support was opened the reference stays there until its action has succeeded', async () => {
    const { channel, steps } = recordingChannel()
    const action = failing('Pay')
    const { rerender, getByText } = renderNotices(channel, [action.reference])
    await userEvent.click(getByText('Contact support'))
    await vi.waitFor(() => expect(steps.at(-1)).toBe(`open ${action.reference}`))
    rerender(notices(channel, []))
    await waybill.flush()
    expect(steps.at(-1)).toBe(`open ${action.reference}`)
    action.retry()
    action.succeed()
    await vi.waitFor(() => expect(steps.at(-1)).toBe('clear'))
  })

  test('each of two notices hands over its own reference', async () => {
    const { channel, steps } = recordingChannel()
    const references = [failing('Pay').reference, failing('Save address').reference] as const
    const { getAllByText } = renderNotices(channel, references)
    for (const at of [1, 0] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one press after the other
      await userEvent.click(getAllByText('Contact support')[at] ?? expect.fail('no button'))
      await vi.waitFor(() => expect(steps.at(-1)).toBe(`open ${references[at]}`))
    }
  })

  test('the note promises what attaching has shown to work, and the result is announced once', async () => {
    const { reference } = failing('Pay')
    const { container, getByText } = renderNotices(recordingChannel().channel, [reference])
    await act(() => waybill.flush())
    await vi.waitFor(() => expect(container.textContent).toContain('It is attached when you contact us from here.'))
    const heard = listen(container)
    await userEvent.click(getByText('Contact support'))
    await vi.waitFor(() => expect(heard).toEqual(['The reference is attached.']))
  })

  test('nothing is promised where the channel refuses, and the customer is told to send the one code that is there', async () => {
    const { channel } = recordingChannel({ attach: 'refused', open: 'missing' })
    const { container, getByText } = renderNotices(channel, [failing('Pay').reference])
    await act(() => waybill.flush())
    await vi.waitFor(() => expect(container.textContent).toContain('Support can find what happened'))
    expect(container.textContent).not.toContain('It is attached')
    const heard = listen(container)
    await userEvent.click(getByText('Contact support'))
    await vi.waitFor(() => expect(heard).toEqual(['The reference was not sent. Copy it and send it to us.']))
    expect(getByText('Contact support').dataset['contactState']).toBe('missing')
    expect(container.querySelectorAll('[data-waybill-reference]')).toHaveLength(1)
  })
})

test('a mail has the reference in its address, with what happened', () => {
  const { reference } = failing('Pay')
  const { getByRole } = renderNotices(mailto({ to: 'help@shop.example' }), [reference])
  const address = new URL(getByRole('link').getAttribute('href') ?? '')
  expect(address.searchParams.get('subject')).toBe(`Reference ${reference}`)
  expect(address.searchParams.get('body')).toContain('Pay: Failed')
})

test('a page of your own that has no address is a button, promises nothing, and says that nothing was sent', async () => {
  const channel = pageLink(() => {
    throw new Error('no such page')
  })
  const { container, getByText } = renderNotices(channel, [failing('Pay').reference])
  await act(() => waybill.flush())
  await vi.waitFor(() => expect(container.textContent).toContain('Support can find what happened'))
  expect(container.textContent).not.toContain('It is attached')
  expect(container.querySelector('a')).toBeNull()
  await userEvent.click(getByText('Contact support'))
  await vi.waitFor(() => expect(container.textContent).toContain('The reference was not sent.'))
})

test('by itself it shows the code once handing over failed', async () => {
  const { channel } = recordingChannel({ open: 'refused' })
  const { reference } = failing('Pay')
  const { container, getByRole } = render(
    <WaybillProvider waybill={waybill}>
      <ContactSupport channel={channel} reference={reference} />
    </WaybillProvider>,
  )
  expect(container.querySelector('[data-waybill-reference]')).toBeNull()
  await userEvent.click(getByRole('button'))
  await vi.waitFor(() => expect(container.querySelector('[data-waybill-reference] code')?.textContent).toBe(reference))
})

test('a channel that throws wherever it can takes no error screen with it', async () => {
  const fail = (): never => {
    throw new Error('vendor')
  }
  const channel: SupportChannel = {
    attach: () => Promise.reject(new Error('vendor')),
    open: fail,
    clear: fail,
    address: fail,
  }
  const { container, getByRole } = render(<ContactSupport channel={channel} />)
  await userEvent.click(getByRole('button'))
  await vi.waitFor(() => expect(container.textContent).toContain('Support did not open.'))
})

function failing(name: string): Action {
  const action = waybill.begin(name)
  action.fail(new Error('503'))
  return action
}

function notices(channel: SupportChannel, references: readonly Action['reference'][]) {
  return (
    <StrictMode>
      <WaybillProvider waybill={waybill} contact={<ContactSupport channel={channel} />}>
        {references.map((reference) => (
          <ErrorNotice key={reference} reference={reference} title="It failed." />
        ))}
      </WaybillProvider>
    </StrictMode>
  )
}

const renderNotices = (channel: SupportChannel, references: readonly Action['reference'][]) =>
  render(notices(channel, references))
