import { mintReference } from '@waybill/reference'
import { clipboard, share } from '@waybill/browser/support'
import type { Handover } from '@waybill/browser/support'
import { afterEach, beforeEach, expect, test } from 'vitest'

let handover: Handover
/** What `execCommand` would have put on the clipboard. */
let commanded: string | undefined
const native = document.execCommand

/** Replaces a property of this page's navigator, or takes it away. */
const give = (name: string, value: unknown) => Object.defineProperty(navigator, name, { configurable: true, value })

beforeEach(() => {
  const reference = mintReference()
  handover = { reference, shown: reference, text: `Reference: ${reference}\nPay: failed` }
  commanded = undefined
  give('clipboard', undefined)
  give('share', undefined)
  give('canShare', undefined)
  document.execCommand = () => false
})
afterEach(() => {
  for (const name of ['clipboard', 'share', 'canShare']) Reflect.deleteProperty(navigator, name)
  document.execCommand = native
})

/** A browser whose copy command works. */
function allowCommand() {
  document.execCommand = () => {
    const event = new ClipboardEvent('copy', { clipboardData: new DataTransfer(), cancelable: true })
    document.dispatchEvent(event)
    commanded = event.clipboardData?.getData('text/plain')
    return true
  }
}

const refuse = () => Promise.reject(new DOMException('no', 'NotAllowedError'))

test('the clipboard has the text when the browser confirmed it', async () => {
  let held = ''
  give('clipboard', { writeText: async (text: string) => void (held = text) })
  expect(await clipboard().open(handover)).toEqual({ ok: true, how: 'copied' })
  expect(held).toBe(handover.text)
})

test('nothing is copied unasked: attaching only remembers, and opening copies that', async () => {
  let held = ''
  give('clipboard', { writeText: async (text: string) => void (held = text) })
  const channel = clipboard()
  expect(await channel.attach(handover)).toEqual({ ok: false, reason: 'refused' })
  expect(held).toBe('')
  expect(await channel.open()).toEqual({ ok: true, how: 'copied' })
  expect(held).toBe(handover.text)
  await channel.clear()
  expect(await channel.open()).toEqual({ ok: false, reason: 'refused' })
})

test('a refused or missing clipboard falls back to the copy command', async () => {
  allowCommand()
  expect(await clipboard().open(handover)).toEqual({ ok: true, how: 'copied' })
  expect(commanded).toBe(handover.text)
  commanded = undefined
  give('clipboard', { writeText: refuse })
  expect(await clipboard().open(handover)).toEqual({ ok: true, how: 'copied' })
  expect(commanded).toBe(handover.text)
})

test('a clipboard that never answers falls back to the copy command after a second', async () => {
  allowCommand()
  give('clipboard', { writeText: () => new Promise(() => undefined) })
  expect(await clipboard().open(handover)).toEqual({ ok: true, how: 'copied' })
  expect(commanded).toBe(handover.text)
})

test('it never says copied when it was not: refused, missing, or a command that asked nobody', async () => {
  expect(await clipboard().open(handover)).toEqual({ ok: false, reason: 'missing' })
  give('clipboard', { writeText: refuse })
  expect(await clipboard().open(handover)).toEqual({ ok: false, reason: 'refused' })
  document.execCommand = () => true
  expect(await clipboard().open(handover)).toEqual({ ok: false, reason: 'refused' })
})

test('sharing hands the text to the share sheet', async () => {
  let shared: unknown
  give('canShare', () => true)
  give('share', async (data: unknown) => void (shared = data))
  expect(await share().open(handover)).toEqual({ ok: true, how: 'shared' })
  expect(shared).toEqual({ text: handover.text })
})

test('sharing that the customer closes copies nothing', async () => {
  allowCommand()
  give('canShare', () => true)
  give('share', () => Promise.reject(new DOMException('closed', 'AbortError')))
  expect(await share().open(handover)).toEqual({ ok: false, reason: 'refused' })
  expect(commanded).toBeUndefined()
})

test('sharing copies where there is no share sheet, or it may not open', async () => {
  allowCommand()
  expect(await share().open(handover)).toEqual({ ok: true, how: 'copied' })
  expect(commanded).toBe(handover.text)
  commanded = undefined
  give('canShare', () => true)
  give('share', refuse)
  expect(await share().open(handover)).toEqual({ ok: true, how: 'copied' })
  expect(commanded).toBe(handover.text)
})
