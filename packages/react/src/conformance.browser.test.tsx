import { cleanup, fireEvent, render } from '@testing-library/react'
import axe from 'axe-core'
import { createRef, StrictMode } from 'react'
import type { ComponentPropsWithoutRef, JSX, Ref } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createWaybill } from '@waybill/browser'
import type { Action, Waybill } from '@waybill/browser'
import { customChannel, mailto } from '@waybill/browser/support'
import {
  Confirmation,
  ContactSupport,
  ErrorNotice,
  Receipt,
  ReceiptRow,
  ReferenceCode,
  SupportPanel,
  Toasts,
  WaybillProvider,
} from '@waybill/react'
import '@waybill/react/styles.css'

type RootProps = Pick<ComponentPropsWithoutRef<'div'>, 'className' | 'style' | 'id' | 'lang'>

interface Subject {
  readonly name: string
  readonly tag: string
  /** How often Tab stops inside. */
  readonly stops: number
  /** How many elements show the code: in the page, and already in a server's HTML. */
  readonly codes?: readonly [page: number, server: number]
  readonly show: (props: RootProps, ref?: Ref<never>) => JSX.Element
}

localStorage.clear()
let drawn = 0
const waybill = createWaybill({
  service: 'shop-web',
  prefix: 'ORDER',
  // Of the usual width, mostly the symbol "7": codes of wide symbols have their own tests below.
  random: (count) => new Uint8Array(count).fill(5).fill(drawn++ % 20, -1),
})
const failed = waybill.begin('Request refund')
const { reference } = failed
failed.fail(new Error('503'))
afterAll(() => waybill.stop())

const contact = <ContactSupport channel={mailto({ to: 'help@shop.example' })} />
const chat = customChannel({ attach: () => 'field', open: () => 'field', clear: () => undefined })

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
        contact={contact}
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
    name: 'ErrorNotice as a toast on a phone',
    tag: 'SECTION',
    stops: 3,
    show: (props, ref) => (
      <ErrorNotice
        variant="toast"
        reference={reference}
        title="Your address was not saved."
        onRetry={() => undefined}
        onDismiss={() => undefined}
        {...props}
        ref={ref}
      />
    ),
  },
  {
    name: 'Toasts on a phone',
    tag: 'SECTION',
    stops: 2,
    show: (props, ref) => (
      <Toasts {...props} ref={ref}>
        <ErrorNotice variant="toast" reference={reference} title="Not saved." onDismiss={() => undefined} />
      </Toasts>
    ),
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
  {
    name: 'ReceiptRow',
    tag: 'DIV',
    stops: 0,
    codes: [0, 0],
    show: (props, ref) => (
      <dl>
        <ReceiptRow label="Lamp" {...props} ref={ref}>
          £48.00
        </ReceiptRow>
      </dl>
    ),
  },
  {
    name: 'SupportPanel',
    tag: 'SECTION',
    stops: 4,
    // A server does not know what this browser did.
    codes: [1, 0],
    show: (props, ref) => <SupportPanel contact={contact} {...props} ref={ref} />,
  },
  {
    name: 'ContactSupport by a link',
    tag: 'A',
    stops: 1,
    codes: [0, 0],
    show: (props, ref) => (
      <ContactSupport channel={mailto({ to: 'help@shop.example' })} reference={reference} {...props} ref={ref} />
    ),
  },
  {
    name: 'ContactSupport by a button',
    tag: 'BUTTON',
    stops: 1,
    codes: [0, 0],
    show: (props, ref) => <ContactSupport channel={chat} reference={reference} {...props} ref={ref} />,
  },
]

const logged = ['error', 'warn', 'info', 'log'] as const
beforeEach(() => logged.forEach((level) => vi.spyOn(console, level)))
afterEach(() => {
  cleanup()
  for (const level of logged) expect(console[level]).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

describe.each(SUBJECTS)('$name', ({ tag, stops, codes: [inPage, onServer] = [1, 1], show }) => {
  const within = (props: RootProps = {}, ref?: Ref<never>): JSX.Element => (
    <WaybillProvider waybill={waybill}>{show(props, ref)}</WaybillProvider>
  )
  const codesIn = (container: Element): (string | null)[] =>
    [...container.querySelectorAll('[data-waybill-reference]')].map((code) =>
      code.getAttribute('data-waybill-reference'),
    )

  test('hands its ref, class, style and further props to the root', () => {
    const ref = createRef<never>()
    const props = { className: 'mine', style: { marginTop: 7 }, id: 'root', lang: 'en' }
    const { container } = render(within(props, ref))
    const [root, ...others] = container.querySelectorAll('.mine')
    expect(others).toEqual([])
    expect(root).toBe(ref.current)
    expect(root).toMatchObject({ tagName: tag, className: 'mine', id: 'root', lang: 'en' })
    expect(root).toHaveProperty('style.marginTop', '7px')
  })

  test(`shows the reference ${inPage ? 'once' : 'nowhere'}`, () => {
    const { container } = render(within())
    expect(codesIn(container)).toEqual(Array.from({ length: inPage }, () => reference))
  })

  test('is reached by the keyboard alone, with a visible focus and targets of 44 pixels', async () => {
    render(within())
    const seen = new Set<Element>()
    for (;;) {
      await userEvent.keyboard('{Tab}')
      const focused = document.activeElement
      if (!focused || focused === document.body || seen.has(focused)) break
      seen.add(focused)
      expect(getComputedStyle(focused).outlineStyle).toBe('solid')
      const target = focused.closest('label') ?? focused
      if (target.tagName !== 'SUMMARY') expect(target.getBoundingClientRect().height).toBeGreaterThanOrEqual(44)
    }
    expect(seen.size).toBe(stops)
  })

  test.each(['light', 'dark'])('has no accessibility violation, %s', async (theme) => {
    const { container } = render(
      <main data-theme={theme} style={{ background: theme === 'dark' ? '#000' : '#fff' }}>
        {within()}
      </main>,
    )
    const { violations } = await axe.run(container, { rules: { 'page-has-heading-one': { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })

  test('renders on a server, and the same again over that HTML', async () => {
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = renderToString(<StrictMode>{within()}</StrictMode>)
    expect(codesIn(container)).toHaveLength(onServer)
    const problems: unknown[] = []
    const root = hydrateRoot(container, <StrictMode>{within()}</StrictMode>, {
      onRecoverableError: (error) => problems.push(error),
    })
    await vi.waitFor(() => {
      expect(Object.keys(container.firstElementChild ?? {})).not.toEqual([])
      expect(codesIn(container)).toHaveLength(inPage)
    })
    expect(problems).toEqual([])
    root.unmount()
    container.remove()
  })

  test('renders the same under StrictMode and survives being taken away', () => {
    // Ids made by React count up from root to root.
    const html = (container: Element): string => container.innerHTML.replaceAll(/_r_\w+_|:r\w+:/g, 'id')
    const plain = html(render(within()).container)
    const { container, unmount } = render(<StrictMode>{within()}</StrictMode>)
    expect(html(container)).toBe(plain)
    unmount()
    expect(container.innerHTML).toBe('')
  })

  test.each([320, 195])('fits %i pixels, also with the longest prefix', (width) => {
    const { container } = render(<div style={{ width }}>{within()}</div>)
    if (inPage) expect(container.textContent).toContain(`ORDER-${reference}`)
    const { left } = container.getBoundingClientRect()
    for (const element of container.querySelectorAll('*')) {
      if (element.closest('[data-waybill-toasts]')) continue
      expect(element.getBoundingClientRect().right).toBeLessThanOrEqual(left + width)
    }
  })
})

describe.each(['W', 'H'] as const)('with a code of many %s', (symbol) => {
  test.each([
    [390, '200%', { prefix: 'ORDER' }],
    [320, '150%', { prefix: 'ORDER' }],
    [320, '200%', {}],
    // A phone of 390 pixels at a zoom of 200 %.
    [195, '100%', {}],
    [195, '100%', { prefix: 'ORDER' }],
    [195, '100%', { length: 12 }],
  ] as const)('a screen of %i pixels shows all of it with text of %s and %o', async (width, fontSize, options) => {
    await page.viewport(width, 700)
    document.documentElement.style.fontSize = fontSize
    const own = createWaybill({ service: 'large', ...options })
    const action = beginWithCodeOf(symbol, own)
    action.note({ order: 'A-1001', card: 'x'.repeat(200) })
    action.fail(new Error('503'))
    const { container } = render(
      <div style={{ padding: 16 }}>
        <WaybillProvider waybill={own} contact={contact}>
          <ErrorNotice reference={action.reference} title="Your refund was not requested." onRetry={() => undefined} />
          <ErrorNotice variant="page" reference={action.reference} title="This page could not be shown." />
          <Confirmation reference={action.reference} title="Refund requested" />
          <Receipt reference={action.reference} title="Receipt" at={new Date(0)} />
          <SupportPanel />
          <Toasts>
            <ErrorNotice variant="toast" reference={action.reference} title="Not saved." onDismiss={() => undefined} />
          </Toasts>
          <ReferenceCode reference={action.reference} />
        </WaybillProvider>
      </div>,
    )
    const beyond = [...container.querySelectorAll('[data-waybill] *, [data-part=face] *')].filter((element) => {
      const edge = element.closest('[data-part=face]') ?? element.closest('[data-waybill]')
      return element.getBoundingClientRect().right > (edge?.getBoundingClientRect().right ?? 0)
    })
    expect(beyond.map(({ tagName, textContent }) => `${tagName} ${textContent}`)).toEqual([])
    expect(document.documentElement.scrollWidth).toBe(width)
    const codes = [...container.querySelectorAll('[data-waybill-reference] code > span:last-child')]
    expect(codes).toHaveLength(7)
    for (const code of codes) {
      expect(code.textContent).toBe(action.reference)
      expect(code.getClientRects()).toHaveLength(1)
      expect(parseFloat(getComputedStyle(code).fontSize)).toBeGreaterThanOrEqual(
        width < 200 ? { W: 8.5, H: 10.5 }[symbol] : 16,
      )
      const face = code.closest('[data-part=face]')
      expect(face?.scrollWidth).toBe(face?.clientWidth)
      expect(face?.closest('button')?.getBoundingClientRect().right).toBeLessThanOrEqual(width - 16)
    }
    document.documentElement.style.fontSize = ''
    await page.viewport(414, 896)
    own.stop()
  })
})

/** Nearly all of its symbols are "W", the widest there is, or "H", the widest of the usual ones. */
function beginWithCodeOf(symbol: 'W' | 'H', waybill: Waybill): Action {
  // What else draws, draws now.
  expect(waybill.session.id).not.toBe('')
  const drawn = vi.spyOn(crypto, 'getRandomValues')
  drawn.mockImplementationOnce(<T,>(bytes: T): T => {
    // A digit, without which it would be drawn again, then the symbol, by its place in the alphabet.
    if (bytes instanceof Uint8Array) bytes.fill({ W: 20, H: 10 }[symbol]).fill(0, -1)
    return bytes
  })
  const action = waybill.begin('Request refund')
  drawn.mockRestore()
  expect(action.reference.replaceAll('-', '')).toMatch(new RegExp(`^2${symbol}{6,}.$`))
  return action
}

test('on a phone a refused copy moves nothing, and date and code of a receipt end at the same side', async () => {
  await page.viewport(390, 844)
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })
  vi.spyOn(document, 'execCommand').mockReturnValue(false)
  const { container } = render(
    <div style={{ padding: 8 }}>
      <Confirmation reference={reference} title="Refund requested" />
      <Receipt reference={reference} title="Receipt" at={new Date(0)} />
    </div>,
  )
  const [first, second] = container.querySelectorAll('[data-waybill-reference]')
  expect(second?.getBoundingClientRect().right).toBe(container.querySelector('time')?.getBoundingClientRect().right)
  const places = () =>
    [first?.querySelector('code'), second].map((element) => {
      const { x, y } = element?.getBoundingClientRect() ?? {}
      return [x, y]
    })
  const before = places()
  await userEvent.click(first ?? expect.fail('no code'))
  await vi.waitFor(() => expect(first?.getAttribute('data-copy-state')).toBe('selected'))
  expect(places()).toEqual(before)
  Reflect.deleteProperty(navigator, 'clipboard')
  await page.viewport(414, 896)
})

test('a click handler of the host runs before the copy, and can prevent it', () => {
  const { getByRole } = render(<ReferenceCode reference={reference} onClick={(event) => event.preventDefault()} />)
  fireEvent.click(getByRole('button'))
  expect(getByRole('button').dataset['copyState']).toBe('idle')
})
