import { formatReference, mintReference } from '@waybill/reference'
import type { Handover } from '@waybill/browser/support'
import { afterEach, describe, expect, test } from 'vitest'
import { RECORDED_VENDORS } from '../../fixtures/recordedVendors.ts'

/** The contract of every chat: one suite, run over each against a global that records. */
describe.each(RECORDED_VENDORS)('$vendor', ({ global, channel, record, field, message, isOpened }) => {
  let calls: unknown[][] = []
  const keep = (...args: readonly unknown[]) => void calls.push([...args])
  const load = () => void Reflect.set(window, global, record(keep))

  afterEach(() => {
    calls = []
    Reflect.deleteProperty(window, global)
    document.body.replaceChildren()
  })

  test('attaches the code as the customer sees it, without opening anything', async () => {
    load()
    const handover = aHandover()
    expect(await channel().attach(handover)).toEqual({ ok: true, how: 'field' })
    expect(field(calls)).toBe(handover.shown)
    expect(isOpened(calls)).toBe(false)
  })

  test('opens with the code in the field, and the text in the message where it can', async () => {
    load()
    const handover = aHandover()
    expect(await channel().open(handover)).toEqual({ ok: true, how: 'field' })
    expect(field(calls)).toBe(handover.shown)
    expect(isOpened(calls)).toBe(true)
    if (message) expect(message(calls)).toBe(handover.text)
  })

  test('opens with what was attached when nothing else is given, and plainly after it was cleared', async () => {
    load()
    const it = channel()
    const handover = aHandover()
    await it.attach(handover)
    await it.open()
    if (message) expect(message(calls)).toBe(handover.text)
    await it.clear()
    calls = []
    expect((await it.open()).ok).toBe(true)
    expect(isOpened(calls)).toBe(true)
    expect(JSON.stringify(calls)).not.toContain(handover.reference)
  })

  test('says missing while its vendor is not there, and works once it has loaded', async () => {
    const it = channel()
    const handover = aHandover()
    expect(await it.attach(handover)).toEqual({ ok: false, reason: 'missing' })
    expect(await it.open(handover)).toEqual({ ok: false, reason: 'missing' })
    await it.clear()
    load()
    expect(await it.attach(handover)).toEqual({ ok: true, how: 'field' })
    expect(field(calls)).toBe(handover.shown)
  })

  test('takes an element, a text or null of that name for no vendor', async () => {
    const it = channel()
    const element = document.createElement('div')
    element.id = global
    document.body.append(element)
    expect(Reflect.get(window, global)).toBe(element)
    expect(await it.open(aHandover())).toEqual({ ok: false, reason: 'missing' })
    for (const value of [null, 'loading', 1]) {
      Reflect.set(window, global, value)
      // oxlint-disable-next-line no-await-in-loop -- one global at a time
      expect(await it.attach(aHandover())).toEqual({ ok: false, reason: 'missing' })
      // oxlint-disable-next-line no-await-in-loop -- one global at a time
      await it.clear()
    }
  })

  test('says refused when its vendor throws, and never throws or rejects itself', async () => {
    const refuse = (): never => {
      throw new Error('not booted')
    }
    Reflect.set(window, global, record(refuse))
    const it = channel()
    expect(await it.attach(aHandover())).toEqual({ ok: false, reason: 'refused' })
    expect(await it.open(aHandover())).toEqual({ ok: false, reason: 'refused' })
    expect(await it.open()).toEqual({ ok: false, reason: 'refused' })
    expect(await it.clear()).toBeUndefined()
  })

  test('says refused when even looking at its global throws', async () => {
    Object.defineProperty(window, global, {
      configurable: true,
      get() {
        throw new Error('blocked by a privacy tool')
      },
    })
    const it = channel()
    expect(await it.attach(aHandover())).toEqual({ ok: false, reason: 'refused' })
    expect(await it.open(aHandover())).toEqual({ ok: false, reason: 'refused' })
    expect(await it.clear()).toBeUndefined()
  })

  test('holds the latest code when attached twice', async () => {
    load()
    const it = channel()
    const later = aHandover()
    await it.attach(aHandover())
    await it.attach(later)
    await it.attach(later)
    expect(field(calls)).toBe(later.shown)
  })

  test('empties the field when cleared, also twice and before anything was attached', async () => {
    load()
    const it = channel()
    await it.clear()
    await it.attach(aHandover())
    await it.clear()
    expect(field(calls)).toBe('')
    await it.clear()
    expect(field(calls)).toBe('')
  })

  test.each([
    '"quotes" and \\',
    '<script>alert(1)</script>',
    'javascript:alert(1)',
    'line\nline\r\n\u2028',
    '\uD83D',
    '😀',
    '',
    '\0',
  ])('hands %j over as one text, whatever it says', async (hostile) => {
    load()
    const handover = { ...aHandover(), text: hostile }
    expect(await channel().open(handover)).toEqual({ ok: true, how: 'field' })
    expect(field(calls)).toBe(handover.shown)
    if (message) expect(message(calls)).toBe(hostile)
  })
})

function aHandover(): Handover {
  const reference = mintReference()
  const shown = formatReference(reference, { prefix: 'ORD' })
  return { reference, shown, text: `Reference: ${shown}\nRequest refund: failed` }
}
