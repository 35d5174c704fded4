import { cleanup, fireEvent, render } from '@testing-library/react'
import axe from 'axe-core'
import { createRef, StrictMode } from 'react'
import type { ComponentPropsWithoutRef, JSX, Ref } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import { mailto } from '@waybill/browser/support'
import { mintReference } from '@waybill/reference'
import {
  Confirmation,
  ContactSupport,
  ErrorNotice,
  Receipt,
  ReceiptRow,
  ReferenceCode,
  WaybillProvider,
} from '@waybill/react'
import '@waybill/react/styles.css'

type RootProps = Pick<ComponentPropsWithoutRef<'div'>, 'className' | 'style' | 'id' | 'lang'>

interface Subject {
  readonly name: string
  readonly tag: string
  readonly stops: number
  readonly show: (props: RootProps, ref?: Ref<never>) => JSX.Element
}

const reference = mintReference()

const SUBJECTS: readonly Subject[] = [
  {
    name: 'ReferenceCode',
    tag: 'BUTTON',
    stops: 1,
    show: (props, ref) => <ReferenceCode reference={reference} {...props} ref={ref} />,
  },
  {
    name: 'ErrorNotice',
    tag: 'SECTION',
    stops: 4,
    show: (props, ref) => (
      <ErrorNotice
        reference={reference}
        title="Your refund was not requested."
        onRetry={() => undefined}
        contact={<ContactSupport channel={mailto({ to: 'help@shop.example' })} />}
        {...props}
        ref={ref}
      />
    ),
  },
  {
    name: 'ErrorNotice as a page',
    tag: 'SECTION',
    stops: 2,
    show: (props, ref) => <ErrorNotice variant="page" reference={reference} title="Not shown." {...props} ref={ref} />,
  },
  {
    name: 'Confirmation',
    tag: 'SECTION',
    stops: 2,
    show: (props, ref) => (
      <Confirmation reference={reference} title="Refund requested" {...props} ref={ref}>
        We write to you by Tuesday.
      </Confirmation>
    ),
  },
  {
    name: 'Confirmation of pending work',
    tag: 'SECTION',
    stops: 2,
    show: (props, ref) => <Confirmation state="pending" reference={reference} {...props} ref={ref} />,
  },
  {
    name: 'Receipt',
    tag: 'SECTION',
    stops: 2,
    show: (props, ref) => (
      <Receipt reference={reference} title="Receipt" at={new Date(0)} {...props} ref={ref}>
        <ReceiptRow label="Lamp">£48.00</ReceiptRow>
      </Receipt>
    ),
  },
]

const logged = ['error', 'warn', 'info', 'log'] as const
beforeEach(() => logged.forEach((level) => vi.spyOn(console, level)))
afterEach(() => {
  cleanup()
  for (const level of logged) expect(console[level]).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

describe.each(SUBJECTS)('$name', ({ tag, stops, show }) => {
  test('hands its ref, class, style and further props to the root', () => {
    const ref = createRef<never>()
    const props = { className: 'mine', style: { marginTop: 7 }, id: 'root', lang: 'en' }
    const { container } = render(show(props, ref))
    const root = container.firstElementChild
    expect(root).toBe(ref.current)
    expect(root).toMatchObject({ tagName: tag, className: 'mine', id: 'root', lang: 'en' })
    expect(root).toHaveProperty('style.marginTop', '7px')
  })

  test('holds the reference in exactly one element', () => {
    const { container } = render(show({}))
    const codes = container.querySelectorAll('[data-waybill-reference]')
    expect([...codes].map((code) => code.getAttribute('data-waybill-reference'))).toEqual([reference])
  })

  test('is reached by the keyboard alone, with a visible focus and targets of 44 pixels', async () => {
    render(show({}))
    const seen = new Set<Element>()
    for (let i = 0; i < stops; i++) {
      await userEvent.keyboard('{Tab}')
      const focused = document.activeElement
      if (!focused || focused === document.body) break
      seen.add(focused)
      expect(getComputedStyle(focused).outlineStyle).toBe('solid')
      if (focused.tagName !== 'SUMMARY') expect(focused.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
    }
    expect(seen.size).toBe(stops)
  })

  test.each(['light', 'dark'])('has no accessibility violation, %s', async (theme) => {
    const { container } = render(
      <main data-theme={theme} style={{ background: theme === 'dark' ? '#000' : '#fff' }}>
        {show({})}
      </main>,
    )
    const { violations } = await axe.run(container, { rules: { 'page-has-heading-one': { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })

  test('renders on a server, and the same again over that HTML', async () => {
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = renderToString(<StrictMode>{show({})}</StrictMode>)
    expect(container.querySelector('[data-waybill-reference]')).not.toBeNull()
    const problems: unknown[] = []
    const root = hydrateRoot(container, <StrictMode>{show({})}</StrictMode>, {
      onRecoverableError: (error) => problems.push(error),
    })
    await vi.waitFor(() => expect(Object.keys(container.firstElementChild ?? {})).not.toEqual([]))
    expect(problems).toEqual([])
    root.unmount()
    container.remove()
  })

  test('renders the same under StrictMode and survives being taken away', () => {
    const plain = render(show({})).container.innerHTML
    const { container, unmount } = render(<StrictMode>{show({})}</StrictMode>)
    expect(container.innerHTML).toBe(plain)
    unmount()
    expect(container.innerHTML).toBe('')
  })

  test('fits a screen of 320 pixels, also with the longest prefix', () => {
    const waybill = createWaybill({ service: 'shop-web', prefix: 'ORDER' })
    const { container } = render(
      <WaybillProvider waybill={waybill}>
        <div style={{ width: 320 }}>{show({})}</div>
      </WaybillProvider>,
    )
    expect(container.textContent).toContain(`ORDER-${reference}`)
    waybill.stop()
    for (const element of container.querySelectorAll('*')) {
      expect(element.getBoundingClientRect().right).toBeLessThanOrEqual(container.getBoundingClientRect().left + 320)
    }
  })
})

test('a click handler of the host runs before the copy, and can prevent it', () => {
  const { getByRole } = render(<ReferenceCode reference={reference} onClick={(event) => event.preventDefault()} />)
  fireEvent.click(getByRole('button'))
  expect(getByRole('button').dataset['copyState']).toBe('idle')
})
