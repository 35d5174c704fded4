/// <reference types="zendesk-web-widget" />
import { Crisp } from 'crisp-sdk-web'
import { Intercom, showNewMessage, update } from '@intercom/messenger-js-sdk'
import { mintReference } from '@waybill/reference'
import { crisp, intercom, zendesk } from '@waybill/browser/support'
import type { Handover } from '@waybill/browser/support'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

/** What the channels say to a page is compared with what the vendors' own packages say to it. */
let handover: Handover

beforeEach(() => {
  const reference = mintReference()
  handover = { reference, shown: `ORD-${reference}`, text: `Reference: ORD-${reference}` }
})
afterEach(() => {
  for (const name of ['Intercom', '$crisp', 'zE', 'intercomSettings']) Reflect.deleteProperty(window, name)
})

test('Intercom’s own package says the same to its global, in its queue before the Messenger has loaded', async () => {
  Intercom({ app_id: 'shop', widgetUrl: 'data:text/javascript,' })
  await vi.waitFor(() => expect(window.Intercom).toBeTypeOf('function'))
  const queue: IArguments[] = Reflect.get(window.Intercom ?? {}, 'q')
  const said = () => queue.splice(0).map((args) => [...args])

  update({ waybill_reference: handover.shown })
  const attached = said()
  expect(await intercom().attach(handover)).toEqual({ ok: true, how: 'field' })
  expect(said()).toEqual(attached)

  update({ waybill_reference: handover.shown })
  showNewMessage(handover.text)
  const opened = said()
  expect(await intercom().open(handover)).toEqual({ ok: true, how: 'field' })
  expect(said()).toEqual(opened)

  update({ waybill_reference: '' })
  const cleared = said()
  await intercom().clear()
  expect(said()).toEqual(cleared)
})

test('Crisp’s own package pushes the same, before the chat box has loaded', async () => {
  Crisp.configure('shop', { autoload: false })
  Crisp.session.setData({ waybill_reference: handover.shown })
  const said = (): unknown[] => window.$crisp.splice(0)
  const attached = said()
  expect(attached).toHaveLength(1)
  expect(await crisp().attach(handover)).toEqual({ ok: true, how: 'field' })
  expect(said()).toEqual(attached)

  // It loads the chat box before it shows it, so that one is taken for loaded.
  Object.assign(window.$crisp, { is: () => true })
  Crisp.session.setData({ waybill_reference: handover.shown })
  Crisp.message.setMessageText(handover.text)
  Crisp.chat.show()
  Crisp.chat.open()
  const opened = said()
  expect(await crisp().open(handover)).toEqual({ ok: true, how: 'field' })
  expect(said()).toEqual(opened)

  Crisp.session.setData({ waybill_reference: '' })
  const cleared = said()
  await crisp().clear()
  expect(said()).toEqual(cleared)
})

test('Zendesk’s own types allow what is said to its messaging widget', async () => {
  const said: unknown[][] = []
  const official: typeof zE = (...args: unknown[]) => void said.push(args)
  official('messenger:set', 'conversationFields', [{ id: '4422761977114', value: handover.shown }])
  official('messenger', 'show')
  official('messenger', 'open')
  official('messenger:set', 'conversationFields', [{ id: '4422761977114', value: '' }])
  const expected = said.splice(0)

  Reflect.set(window, 'zE', official)
  const channel = zendesk({ fieldId: 4422761977114 })
  expect(await channel.open(handover)).toEqual({ ok: true, how: 'field' })
  await channel.clear()
  expect(said).toEqual(expected)
})
