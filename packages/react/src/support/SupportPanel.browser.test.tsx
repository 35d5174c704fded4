import { act, cleanup, render } from '@testing-library/react'
import { StrictMode, useLayoutEffect, useRef } from 'react'
import type { JSX } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { ActionRecord, Waybill } from '@waybill/browser'
import { mintReference } from '@waybill/reference'
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

test('two of the same name are told apart by their facts, which belong to the name that is heard', async () => {
  for (const order of ['A-1001', 'A-1002']) {
    const refund = waybill.begin('Request refund')
    refund.note({ order, customer: 'c-7' })
    refund.fail(new Error('503'))
  }
  const { choices, code, getByRole } = renderPanel()
  expect(choices().map((text) => text.replace(/ \d{1,2} .*/, ''))).toEqual([
    'Request refund order A-1002 customer c-7 Failed',
    'Request refund order A-1001 customer c-7 Failed',
  ])
  await userEvent.click(getByRole('radio', { name: /^Request refund order A-1001 customer c-7 Failed/ }))
  expect(code()).toBe(waybill.session.actions()[0]?.reference)
})

test('facts are shown as the app says them, or not at all', () => {
  const refund = waybill.begin('Request refund')
  refund.note({ order: 'A-1001', refund: 'b0f7' })
  const { choices, rerender } = renderPanel({ factsOf: ({ facts }) => ({ Bestellung: facts['order'] ?? '' }) })
  expect(choices()[0]).toMatch(/^Request refund Bestellung A-1001 In progress/)
  rerender({ factsOf: () => ({}) })
  expect(choices()[0]).toMatch(/^Request refund In progress/)
})

test('a fact stays one short line of text, whatever is in it, and turns nothing around it', async () => {
  const facts = {
    html: '<img src=x onerror=alert(1)>',
    // Right-to-left override, line break, isolate that is never closed.
    order: '\u202eA-1001\n\u2067\u0007',
    long: `${'x'.repeat(150)}-the end`,
    arabic: 'طلب',
    broken: null,
  }
  const records = [{ ...recordOf(waybill), facts: facts as unknown as Record<string, string> }]
  const { container, choices } = renderPanel(
    {},
    { ...waybill, session: { ...waybill.session, actions: () => records } },
  )
  expect(container.querySelector('img')).toBeNull()
  const [shown = ''] = choices()
  expect(shown).toMatch(
    / html <img src=x onerror=alert\(1\)> order A-1001 long x{40}…x{11}-the end arabic طلب broken null /,
  )
  expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
  const values = [...container.querySelectorAll('bdi')]
  expect(values.map(({ textContent }) => textContent)).toContain('طلب')
  expect(values.every((value) => getComputedStyle(value).unicodeBidi === 'isolate')).toBe(true)
})

test('what another tab did is listed with the rest, with its facts, and can be handed over', async () => {
  const { channel, steps } = recordingChannel()
  const mine = recordOf(waybill)
  const theirs = { ...mine, reference: mintReference(), state: 'failed' as const, facts: { order: 'A-1001' } }
  const records = [mine, theirs]
  const { choices, code, getByText } = renderPanel(
    { contact: <ContactSupport channel={channel} /> },
    { ...waybill, session: { ...waybill.session, actions: () => records } },
  )
  expect(choices()[0]).toMatch(/^Request refund order A-1001 Failed/)
  expect(code()).toBe(theirs.reference)
  await userEvent.click(getByText('Contact support'))
  await vi.waitFor(() => expect(steps.at(-1)).toBe(`open ${theirs.reference}`))
})

test('has its code, and what stands below it, in the first paint', () => {
  const { reference } = waybill.begin('Request refund')
  let html = ''
  function AtFirst(): JSX.Element {
    const section = useRef<HTMLElement>(null)
    useLayoutEffect(() => {
      html ||= section.current?.innerHTML ?? ''
    })
    return <SupportPanel ref={section} />
  }
  render(
    <WaybillProvider waybill={waybill}>
      <AtFirst />
    </WaybillProvider>,
  )
  expect(html).toContain(`data-waybill-reference="${reference}"`)
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

/** What the session remembers of a refund that begins here. */
function recordOf(waybill: Waybill): ActionRecord {
  waybill.begin('Request refund').note({})
  return waybill.session.actions().at(-1) ?? expect.fail('nothing is remembered')
}

function renderPanel(props: SupportPanelProps = {}, shown = waybill) {
  const panel = (props: SupportPanelProps): JSX.Element => (
    <StrictMode>
      <WaybillProvider waybill={shown}>
        <SupportPanel {...props} />
      </WaybillProvider>
    </StrictMode>
  )
  const view = render(panel(props))
  return {
    ...view,
    rerender: (props: SupportPanelProps) => view.rerender(panel(props)),
    choices: () => [...view.container.querySelectorAll('[data-part=choice]')].map(({ textContent }) => textContent),
    code: () =>
      view.container.querySelector('[data-waybill-reference]')?.getAttribute('data-waybill-reference') ?? undefined,
  }
}
