import { act, cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { ContactSupport, SupportPanel, WaybillProvider } from '@waybill/react'
import { GERMAN } from '@waybill/react/labels'
import type { SupportPanelProps } from '@waybill/react'
import { recordingChannel } from '../../fixtures/recordingChannel.ts'

let waybill: Waybill
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  waybill = createWaybill({ service: 'shop-web', fetch: () => Promise.resolve(new Response()) })
})
afterEach(() => {
  cleanup()
  waybill.stop()
  Reflect.deleteProperty(navigator, 'onLine')
})

test('lists what the customer did, newest first, with state, time and code', () => {
  waybill.begin('Sign in').succeed()
  const refund = waybill.begin('Request refund')
  const { choices } = renderPanel()
  expect(choices().map((text) => text.replace(/ \d.*/, ''))).toEqual(['Request refund In progress', 'Sign in Done'])
  expect(choices()[0]).toContain(refund.reference)
  expect(choices()[0]).toMatch(/\d{1,2} \w{3}.*\d{2}:\d{2}/)
})

test.each(['POST /api/orders/:id/refund', '', ' '])(
  'leaves out what the page did by itself, and never shows %j for a name',
  async (name) => {
    await waybill.fetch('/api/poll')
    waybill.begin(name).fail(new Error('503'))
    const { choices } = renderPanel()
    expect(choices()).toHaveLength(1)
    expect(choices()[0]).toMatch(/^Something you did here/)
  },
)

test('begins with what failed last, and keeps what was picked while more happens', async () => {
  waybill.begin('Pay').succeed()
  const failed = waybill.begin('Request refund')
  failed.fail(new Error('503'))
  const address = waybill.begin('Save address')
  address.succeed()
  const { code, getByLabelText } = renderPanel()
  expect(code()).toBe(failed.reference)
  await userEvent.click(getByLabelText(/Save address/))
  expect(code()).toBe(address.reference)
  await act(async () => {
    waybill.begin('Pay again').fail(new Error('503'))
    await waybill.flush()
  })
  expect(code()).toBe(address.reference)
})

test('keeps what was picked though more happens than it shows', async () => {
  const address = waybill.begin('Save address')
  address.succeed()
  waybill.begin('Pay').succeed()
  const { code, choices, getByLabelText } = renderPanel({ limit: 2 })
  await userEvent.click(getByLabelText(/Save address/))
  await act(async () => {
    for (const name of ['Browse', 'Search', 'Leave']) waybill.begin(name).succeed()
    await waybill.flush()
  })
  expect(code()).toBe(address.reference)
  expect(choices().map((text) => text.split(' ')[0])).toEqual(['Leave', 'Search', 'Save'])
})

test('by the arrow keys another one is picked, and that one is handed over', async () => {
  const { channel, steps } = recordingChannel()
  const pay = waybill.begin('Pay')
  pay.fail(new Error('503'))
  waybill.begin('Request refund').fail(new Error('503'))
  const { code, getByText } = renderPanel({ contact: <ContactSupport channel={channel} /> })
  await userEvent.keyboard('{Tab}{ArrowDown}')
  expect(code()).toBe(pay.reference)
  await userEvent.click(getByText('Contact support'))
  await vi.waitFor(() => expect(steps.at(-1)).toBe(`open ${pay.reference}`))
})

test('says that nothing happened yet, and offers no code', () => {
  const { container, code } = renderPanel()
  expect(container.textContent).toContain('Nothing to show yet.')
  expect(code()).toBeUndefined()
})

test('says when the customer is offline', () => {
  const { container } = renderPanel()
  expect(container.textContent).not.toContain('offline')
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: false })
  act(() => void dispatchEvent(new Event('offline')))
  expect(container.textContent).toContain('You are offline.')
})

test('speaks another language, times included, with the app’s own translation of names', () => {
  waybill.begin('Request refund').fail(new Error('503'))
  const { choices } = renderPanel({
    labels: GERMAN,
    nameOf: ({ name }) => (name === 'Request refund' ? 'Erstattung' : name),
  })
  expect(choices()[0]).toMatch(/^Erstattung Fehlgeschlagen \d{1,2}\. \p{L}+/u)
})

function renderPanel(props: SupportPanelProps = {}) {
  const view = render(
    <StrictMode>
      <WaybillProvider waybill={waybill}>
        <SupportPanel {...props} />
      </WaybillProvider>
    </StrictMode>,
  )
  return {
    ...view,
    choices: () => [...view.container.querySelectorAll('[data-part=choice]')].map(({ textContent }) => textContent),
    code: () =>
      view.container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference') ?? undefined,
  }
}
