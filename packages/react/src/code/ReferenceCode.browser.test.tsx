import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cdp, userEvent } from 'vitest/browser'
import { mintReference } from '@waybill/reference'
import { ReferenceCode } from '@waybill/react'
import { listen } from '../../fixtures/listen.ts'

const reference = mintReference()

beforeEach(async () => {
  await permit('granted')
  await seed('what was there before')
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  Reflect.deleteProperty(navigator, 'clipboard')
  vi.restoreAllMocks()
})

describe('copying', () => {
  test('uses the clipboard', async () => {
    const { copied, announced, held } = await copy()
    expect(copied).toBe('Copied')
    expect(announced).toEqual(['Reference copied.'])
    expect(await held()).toBe(reference)
  })

  test('falls back to the copy command where the permission is denied', async () => {
    await permit('denied')
    await expect(navigator.clipboard.writeText('')).rejects.toThrow()
    const { copied, announced, held } = await copy()
    expect(copied).toBe('Copied')
    expect(announced).toEqual(['Reference copied.'])
    expect(await held()).toBe(reference)
  })

  test('falls back to the copy command where there is no clipboard', async () => {
    takeClipboardAway()
    const { copied, announced, held } = await copy()
    expect(copied).toBe('Copied')
    expect(announced).toEqual(['Reference copied.'])
    expect(await held()).toBe(reference)
    expect(String(getSelection())).toBe('')
  })

  test('selects the code where the browser refuses both, and says nothing else', async () => {
    takeClipboardAway()
    vi.spyOn(document, 'execCommand').mockReturnValue(false)
    const { copied, announced, held } = await copy()
    expect(copied).toBe('Selected: copy it now')
    expect(announced).toEqual([expect.stringContaining('did not copy')])
    expect(String(getSelection())).toBe(reference)
    expect(await held()).toBe('what was there before')
  })

  test('does not believe a copy command that asked nobody for data', async () => {
    takeClipboardAway()
    vi.spyOn(document, 'execCommand').mockReturnValue(true)
    const { copied, held } = await copy()
    expect(copied).toBe('Selected: copy it now')
    expect(await held()).toBe('what was there before')
  })

  test('leaves a selected code that the keyboard copies', async () => {
    takeClipboardAway()
    vi.spyOn(document, 'execCommand').mockReturnValue(false)
    const { held } = await copy()
    await userEvent.keyboard('{Control>}c{/Control}')
    expect(await held()).toBe(reference)
  })

  test('selects the code also where the page around it forbids to select', async () => {
    takeClipboardAway()
    vi.spyOn(document, 'execCommand').mockReturnValue(false)
    const container = document.body.appendChild(document.createElement('div'))
    container.style.userSelect = 'none'
    const { copied } = await copy(container)
    expect(copied).toBe('Selected: copy it now')
    expect(String(getSelection())).toBe(reference)
  })

  test('falls back to the copy command where the clipboard has not answered for a second', async () => {
    replaceClipboard(() => new Promise(() => undefined))
    const { copied, announced, held } = await copy()
    expect(copied).toBe('Copied')
    expect(announced).toEqual(['Reference copied.'])
    expect(await held()).toBe(reference)
  })

  test.each([
    ['says nothing where both refuse', false, 'idle'],
    ['copies by the command', true, 'copied'],
  ])('leaves a customer alone who types elsewhere by then, and %s', async (_, isCommandAllowed, state) => {
    const { promise, reject } = Promise.withResolvers<void>()
    replaceClipboard(() => promise)
    if (!isCommandAllowed) vi.spyOn(document, 'execCommand').mockReturnValue(false)
    const { getByRole } = render(
      <>
        <ReferenceCode reference={reference} />
        <textarea />
      </>,
    )
    await userEvent.click(getByRole('button'))
    await userEvent.type(getByRole('textbox'), 'hello')
    await act(async () => reject(new Error('denied')))
    await userEvent.keyboard('world')
    expect(getByRole('textbox')).toHaveProperty('value', 'helloworld')
    expect(getByRole('button').dataset['copyState']).toBe(state)
    expect(getByRole('status').textContent.trim()).toBe(isCommandAllowed ? 'Reference copied.' : '')
    expect(String(getSelection())).not.toBe(reference)
  })

  test('of two presses says what came of the last, once', async () => {
    const works = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    let presses = 0
    replaceClipboard(() => works[presses++ % 2]!.promise)
    vi.spyOn(document, 'execCommand').mockReturnValue(false)
    const { getByRole } = render(<ReferenceCode reference={reference} />)
    await userEvent.click(getByRole('button'))
    await userEvent.click(getByRole('button'))
    const heard = listen(document.body)
    await act(async () => works[1].resolve())
    await act(async () => works[0].reject(new Error('denied')))
    expect(getByRole('button').dataset['copyState']).toBe('copied')
    expect(heard).toEqual(['Reference copied.'])
  })

  test('works inside a modal dialog', async () => {
    takeClipboardAway()
    const dialog = document.body.appendChild(document.createElement('dialog'))
    dialog.showModal()
    const { copied } = await copy(dialog)
    expect(copied).toBe('Copied')
    dialog.remove()
    expect(await paste()).toBe(reference)
  })

  test('announces a second copy again, with one change of the region', async () => {
    const { announced, again } = await copy()
    await again()
    expect(announced).toEqual(['Reference copied.', 'Reference copied.'])
  })

  test('says "Copy" again after a while, in silence', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { button, announced } = await copy()
    expect(button.dataset['copyState']).toBe('copied')
    await vi.waitFor(() => {
      vi.advanceTimersByTime(4000)
      expect(button.dataset['copyState']).toBe('idle')
    })
    expect(announced).toEqual(['Reference copied.'])
  })
})

test('is heard character by character, also once it was copied', async () => {
  const { getByRole } = render(<ReferenceCode reference={reference} />)
  const spelled = reference.split('-').map((group) => group.split('').join(' '))
  const name = `Copy reference ${spelled.join(', ')}`
  expect(await heard()).toBe(name)
  await userEvent.click(getByRole('button'))
  await vi.waitFor(() => expect(getByRole('button').dataset['copyState']).toBe('copied'))
  expect(await heard()).toBe(name)
})

test('says nothing of another reference that it shows next', async () => {
  const { getByRole, rerender } = render(<ReferenceCode reference={reference} />)
  await userEvent.click(getByRole('button'))
  await vi.waitFor(() => expect(getByRole('button').dataset['copyState']).toBe('copied'))
  rerender(<ReferenceCode reference={mintReference()} />)
  expect(getByRole('button').dataset['copyState']).toBe('idle')
  expect(getByRole('status').textContent).toBe('')
  rerender(<ReferenceCode reference={reference} />)
  expect(getByRole('button').dataset['copyState']).toBe('idle')
  expect(getByRole('status').textContent).toBe('')
})

test('shows nothing without a reference, and the code as soon as there is one', () => {
  const { container, rerender } = render(<ReferenceCode reference={undefined} />)
  expect(container.innerHTML).toBe('')
  rerender(<ReferenceCode reference={reference} />)
  expect(container.querySelector('[data-waybill-reference] code')?.textContent).toBe(reference)
})

/** Renders a code, presses it as a user does, and listens to its live region. */
async function copy(container?: HTMLElement) {
  const { getByRole } = render(<ReferenceCode reference={reference} />, container && { container })
  const button = getByRole('button')
  const region = getByRole('status')
  const announced: (string | undefined)[] = []
  new MutationObserver((records) => announced.push(...records.map(() => region.textContent.trim()))).observe(region, {
    childList: true,
    characterData: true,
    subtree: true,
  })
  const press = async (): Promise<void> => {
    const before = announced.length
    await userEvent.click(button)
    await vi.waitFor(() => expect(announced.length).toBeGreaterThan(before), 3000)
  }
  await press()
  const copied = button.querySelector('[data-part=copy]')?.textContent
  return { button, announced, copied, again: press, held: paste }
}

/** What the clipboard holds, by pasting it. */
async function paste(): Promise<string> {
  const field = document.body.appendChild(document.createElement('textarea'))
  field.focus()
  await userEvent.keyboard('{Control>}v{/Control}')
  const { value } = field
  field.remove()
  return value
}

function takeClipboardAway(): void {
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })
}

function replaceClipboard(writeText: () => Promise<void>): void {
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } })
}

/** Puts text on the clipboard as a user would, for a page that has not been touched may not write. */
async function seed(text: string): Promise<void> {
  const field = document.body.appendChild(document.createElement('textarea'))
  field.value = text
  await userEvent.click(field)
  await userEvent.keyboard('{Control>}ac{/Control}')
  field.remove()
}

async function permit(setting: 'granted' | 'denied'): Promise<void> {
  const { targetInfo } = await cdp().send('Target.getTargetInfo')
  await cdp().send('Browser.setPermission', {
    permission: { name: 'clipboard-write' },
    setting,
    origin: location.origin,
    ...(targetInfo.browserContextId && { browserContextId: targetInfo.browserContextId }),
  })
}

/** The button's name in Chromium's own accessibility tree. */
async function heard(): Promise<unknown> {
  const { frameTree } = await cdp().send('Page.getFrameTree')
  for (const { frame } of frameTree.childFrames ?? []) {
    const { nodes } = await cdp().send('Accessibility.getFullAXTree', { frameId: frame.id })
    const button = nodes.find(({ role }) => role?.value === 'button')
    if (button) return button.name?.value
  }
  return undefined
}
