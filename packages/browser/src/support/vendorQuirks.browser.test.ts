import { mintReference } from '@waybill/reference'
import { crisp, helpScout, intercom, salesforce, zendesk } from '@waybill/browser/support'
import type { Handover } from '@waybill/browser/support'
import { afterEach, beforeEach, expect, test } from 'vitest'

let handover: Handover
let calls: unknown[][]
const record = (...args: unknown[]) => void calls.push(args)
const set = (name: string, value: unknown) => void Reflect.set(window, name, value)

beforeEach(() => {
  const reference = mintReference()
  handover = { reference, shown: reference, text: `Reference: ${reference}` }
  calls = []
})
afterEach(() => {
  for (const name of ['Intercom', '$crisp', 'zE', 'Beacon', 'embeddedservice_bootstrap']) {
    Reflect.deleteProperty(window, name)
  }
})

test('a chat whose field throws still has the text, and says so', async () => {
  set('Intercom', (method: string) => {
    if (method === 'update') throw new Error('no such attribute')
  })
  expect(await intercom().open(handover)).toEqual({ ok: true, how: 'text' })
})

test('the names of fields can be chosen', async () => {
  set('Intercom', record)
  set('Beacon', record)
  await intercom({ field: 'reference' }).attach(handover)
  await helpScout({ field: 'Code' }).attach(handover)
  expect(calls).toEqual([
    ['update', { reference: handover.shown }],
    ['session-data', { Code: handover.shown }],
  ])
})

test('Crisp takes back its own words, and leaves those of the customer', async () => {
  let words = ''
  const push = (command: unknown[]) => {
    record(...command)
    if (command[1] === 'message:text') [words] = command[2] as [string]
  }
  set('$crisp', { push, get: () => words })
  const channel = crisp()
  await channel.open(handover)
  expect(words).toBe(handover.text)
  words = `${handover.text} and the money is gone`
  await channel.clear()
  expect(words).toBe(`${handover.text} and the money is gone`)
  await channel.open(handover)
  await channel.clear()
  expect(words).toBe('')
})

test('Help Scout’s form is emptied at the next plain opening, not while somebody may be writing in it', async () => {
  set('Beacon', record)
  const channel = helpScout()
  await channel.open(handover)
  calls = []
  await channel.clear()
  expect(calls).toEqual([['session-data', { Reference: '' }]])
  await channel.open()
  expect(calls).toContainEqual(['prefill', { subject: '', text: '' }])
})

test('Zendesk messaging without a field opens, but says that the reference is not in it', async () => {
  set('zE', record)
  expect(await zendesk().attach(handover)).toEqual({ ok: false, reason: 'refused' })
  expect(await zendesk().open(handover)).toEqual({ ok: false, reason: 'refused' })
  expect(calls).toEqual([
    ['messenger', 'show'],
    ['messenger', 'open'],
  ])
})

test('Zendesk classic without a field has the text in its form', async () => {
  set('zE', Object.assign(record, { widget: 'classic' }))
  expect(await zendesk().attach(handover)).toEqual({ ok: true, how: 'text' })
  const fields = [{ id: 'description', prefill: { '*': handover.text } }]
  expect(calls).toEqual([['webWidget', 'updateSettings', { webWidget: { contactForm: { fields } } }]])
})

test('Salesforce has the field once it is ready, however early it was attached, and not after it was cleared', async () => {
  const channel = salesforce()
  const ready = () => window.dispatchEvent(new Event('onEmbeddedMessagingReady'))
  expect(await channel.attach(handover)).toEqual({ ok: false, reason: 'missing' })
  set('embeddedservice_bootstrap', {
    prechatAPI: {
      setHiddenPrechatFields: (fields: unknown) => record(fields),
      removeHiddenPrechatFields: () => undefined,
    },
  })
  ready()
  expect(calls).toEqual([[{ Waybill_Reference: handover.shown }]])
  ready()
  expect(calls).toHaveLength(1)
  await channel.attach(handover)
  await channel.clear()
  calls = []
  ready()
  expect(calls).toEqual([])
})

test('Salesforce that cannot launch its chat says refused', async () => {
  set('embeddedservice_bootstrap', {
    prechatAPI: { setHiddenPrechatFields: record },
    utilAPI: { launchChat: () => Promise.reject(new Error('outside business hours')) },
  })
  expect(await salesforce().open(handover)).toEqual({ ok: false, reason: 'refused' })
})
