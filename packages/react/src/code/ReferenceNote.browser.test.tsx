import { act, cleanup, render } from '@testing-library/react'
import type { JSX } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import type { DeliveryState } from '@waybill/browser'
import { mailto } from '@waybill/browser/support'
import {
  Confirmation,
  ContactSupport,
  ErrorNotice,
  Receipt,
  ReceiptRow,
  SupportPanel,
  WaybillProvider,
} from '@waybill/react'
import { ARABIC, ENGLISH, FRENCH, GERMAN, JAPANESE, SPANISH } from '@waybill/react/labels'
import type { Labels } from '@waybill/react/labels'
import '@waybill/react/styles.css'
import { listen } from '../../fixtures/listen.ts'
import { connect, steeredWaybill } from '../../fixtures/steeredWaybill.ts'

const LANGUAGES = [ENGLISH, GERMAN, SPANISH, FRENCH, JAPANESE, ARABIC]
const DELIVERIES: readonly DeliveryState[] = ['pending', 'saved', 'delivered', 'memory', 'local-only']
const CONTACT = <ContactSupport channel={mailto({ to: 'help@shop.example' })} />
const PANEL = '[data-waybill=support-panel]'

beforeEach(() => {
  localStorage.clear()
  // But for React, which has other timers.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  Reflect.deleteProperty(navigator, 'onLine')
})

describe('the sentence', () => {
  test.each([
    ['saved', true, 'Saved on this device. We are still sending it to support.'],
    ['saved', false, 'Saved on this device. Support can see it when you are back online.'],
    ['delivered', true, 'Support can find what happened with this reference.'],
    ['delivered', false, 'Support can find what happened with this reference.'],
    ['memory', true, 'Copy this reference before you leave the page.'],
    ['memory', false, 'Copy this reference before you leave the page.'],
    ['local-only', true, 'Copy this reference when you contact us.'],
    ['local-only', false, 'Copy this reference when you contact us.'],
    ['pending', true, ''],
    ['pending', false, ''],
  ] as const)('of %s, online %j, is "%s"', (delivery, isOnline, sentence) => {
    connect(isOnline)
    const { note, become } = renderNote()
    become(delivery)
    expect(note()).toBe(sentence)
  })

  test('changes with the connection while it is shown, once each time', () => {
    connect(true)
    const { container, note, become } = renderNote()
    become('saved')
    const heard = listen(container)
    const said = [false, true, false].map((isOnline) => {
      act(() => connect(isOnline))
      act(() => void vi.runAllTimers())
      return note()
    })
    expect(said).toEqual([ENGLISH.savedOffline, ENGLISH.sending, ENGLISH.savedOffline])
    return vi.waitFor(() => expect(heard).toHaveLength(3))
  })

  test('comes at once to somebody who goes offline in the two seconds that it would wait', () => {
    connect(true)
    const { note, become } = renderNote()
    become('saved', 1000)
    expect(note()).toBe('')
    act(() => connect(false))
    act(() => void vi.advanceTimersByTime(0))
    expect(note()).toBe(ENGLISH.savedOffline)
  })

  test.each(LANGUAGES)('in $locale never tells somebody who is online that they are not', (labels) => {
    connect(true)
    const { container, become } = renderNote(labels)
    for (const delivery of DELIVERIES) {
      become(delivery)
      expect(container.textContent).not.toContain(labels.savedOffline)
    }
  })

  test.each(LANGUAGES)('in $locale says nothing of support finding what never leaves the device', (labels) => {
    const { container, become, note } = renderNote(labels, CONTACT)
    become('local-only')
    expect(note()).toBe(labels.localOnly)
    expect(container.textContent).toContain(labels.explanationLocalOnly)
    for (const untrue of [labels.delivered, labels.attached, labels.sending, labels.savedOffline, labels.explanation]) {
      expect(container.textContent).not.toContain(untrue)
    }
  })

  test('says that it is attached only of what support can find', () => {
    const { note, become } = renderNote(ENGLISH, CONTACT)
    const said = DELIVERIES.filter((delivery) => {
      become(delivery)
      return note()?.includes(ENGLISH.attached)
    })
    expect(said).toEqual(['delivered'])
  })

  test('is there once for whoever searches, copies or listens, and the room for the others is not', () => {
    const { container, become } = renderNote()
    become('delivered')
    expect(container.textContent.split(ENGLISH.delivered)).toHaveLength(2)
    for (const other of [ENGLISH.sending, ENGLISH.savedOffline, ENGLISH.localOnly, ENGLISH.memory]) {
      expect(container.textContent).not.toContain(other)
    }
  })
})

describe.each([390, 1280])('on a screen of %i pixels nothing moves from the first paint on', (width) => {
  test.each(LANGUAGES)('in $locale, whatever the delivery and the connection become', async (labels) => {
    await page.viewport(width, 844)
    connect(true)
    const { waybill, reference, deliver } = steeredWaybill()
    const { container } = render(
      <div dir={labels === ARABIC ? 'rtl' : 'ltr'} lang={labels.locale} style={{ padding: 16 }}>
        <WaybillProvider waybill={waybill} labels={labels} contact={CONTACT}>
          <ErrorNotice reference={reference} title="Your refund was not requested." onRetry={() => undefined} />
          <ErrorNotice variant="page" reference={reference} title="Not shown." contact={null} />
          <Confirmation reference={reference} title="Refund requested">
            We write to you by Tuesday.
          </Confirmation>
          <Receipt reference={reference} title="Receipt" at={new Date(0)}>
            <ReceiptRow label="Lamp">£48.00</ReceiptRow>
          </Receipt>
          <SupportPanel />
        </WaybillProvider>
        <p>What stands below</p>
      </div>,
    )
    const places = (): string[] =>
      [...container.querySelectorAll('section, button, a, summary, [data-part=delivery], dl, p')]
        .filter((element) => element.checkVisibility())
        // Offline the panel has a line more.
        .filter((element) => navigator.onLine || !(element.matches('p:last-child') || element.closest(PANEL)))
        .map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect()
          return [element.tagName, x, y, width, height].join(' ')
        })
    const first = places()
    expect(first.at(-1)).toMatch(/^P /)
    for (const delivery of DELIVERIES) {
      act(() => deliver(delivery))
      act(() => void vi.advanceTimersByTime(3000))
      expect(places(), delivery).toEqual(first)
      act(() => connect(false))
      act(() => void vi.advanceTimersByTime(3000))
      expect(places().length).toBeGreaterThan(20)
      expect(first, `${delivery}, offline`).toEqual(expect.arrayContaining(places()))
      act(() => connect(true))
    }
    act(() => deliver('saved'))
    act(() => void vi.advanceTimersByTime(3000))
    const notes = () => [...container.querySelectorAll('[data-part=note] output')].map((note) => note.textContent)
    expect(new Set(notes())).toEqual(new Set([labels.sending]))
    await page.viewport(414, 896)
  })
})

function renderNote(labels: Labels = ENGLISH, contact: JSX.Element | null = null) {
  const { waybill, reference, deliver } = steeredWaybill()
  const view = render(
    <WaybillProvider waybill={waybill} labels={labels} contact={contact}>
      <ErrorNotice reference={reference} title="Your refund was not requested." />
    </WaybillProvider>,
  )
  return {
    ...view,
    note: () => view.container.querySelector('[data-part=note] output')?.textContent,
    /** Is so for three seconds, or as long as is said. */
    become(delivery: DeliveryState, ms = 3000) {
      act(() => deliver(delivery))
      act(() => void vi.advanceTimersByTime(ms))
    },
  }
}
