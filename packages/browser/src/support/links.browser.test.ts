import { mintReference } from '@waybill/reference'
import { mailto, pageLink } from '@waybill/browser/support'
import type { Handover } from '@waybill/browser/support'
import { expect, test } from 'vitest'

const reference = mintReference()
const handover: Handover = { reference, shown: `ORD-${reference}`, text: `Reference: ORD-${reference}\nRefund & more?` }

/** What a mail program reads out of an address, by RFC 6068. */
function mailOf(address: string) {
  const url = new URL(address)
  expect(url.protocol).toBe('mailto:')
  const fields = url.search.slice(1).split('&').filter(Boolean)
  const entries = fields.map((field) => field.split('=').map(decodeURIComponent))
  return { to: decodeURIComponent(url.pathname), ...Object.fromEntries(entries) }
}

test('a mail has the code in its subject and the text in its body', () => {
  const address = mailto({ to: 'help@shop.example' }).address?.(handover) ?? ''
  expect(mailOf(address)).toEqual({
    to: 'help@shop.example',
    subject: `Reference ORD-${reference}`,
    body: `Reference: ORD-${reference}\r\nRefund & more?`,
  })
  // Spaces as + would be read as +, and line breaks are both bytes (RFC 6068 section 5).
  expect(address).toContain('%0D%0A')
  expect(address).not.toMatch(/[+\s]/)
})

test('a mail without a reference has its address only', () => {
  expect(mailto({ to: 'help@shop.example' }).address?.(undefined)).toBe('mailto:help@shop.example')
})

test('signs in an address or a subject cannot add recipients or fields', () => {
  const address =
    mailto({ to: 'a?b&c%d+e@shop.example', subject: 'Re: {reference}&bcc=x@y?$&' }).address?.(handover) ?? ''
  expect(mailOf(address)).toMatchObject({
    to: 'a?b&c%d+e@shop.example',
    subject: `Re: ORD-${reference}&bcc=x@y?$&`,
  })
  expect(Object.keys(mailOf(address))).toEqual(['to', 'subject', 'body'])
})

test.each(['\nBcc: x@y.example', '\uD83D', '😀'.repeat(2000), '&bcc=x@y.example', '\0'])(
  'a text like %j makes a mail and nothing else',
  (text) => {
    const address = mailto({ to: 'help@shop.example' }).address?.({ ...handover, text }) ?? ''
    expect(Object.keys(mailOf(address))).toEqual(['to', 'subject', 'body'])
    expect(address.length).toBeLessThan(8000)
  },
)

test.each(['', 'help', '@shop.example', 'help@', 'a@b.example, c@d.example', 'a@b.example\nBcc:c', ' a@b.example'])(
  'an address like %j is refused at once',
  (to) => {
    expect(() => mailto({ to })).toThrow('[waybill]')
  },
)

test('a mail opens what its link says, with what was attached', async () => {
  const visited: string[] = []
  const channel = mailto({ to: 'help@shop.example', visit: (address) => void visited.push(address) })
  expect(await channel.attach(handover)).toEqual({ ok: true, how: 'text' })
  expect(await channel.open()).toEqual({ ok: true, how: 'text' })
  await channel.clear()
  await channel.open()
  expect(visited).toEqual([channel.address?.(handover), 'mailto:help@shop.example'])
})

test('a page of your own has the reference in its address', async () => {
  const visited: string[] = []
  const visit = (address: string) => void visited.push(address)
  const channel = pageLink((given) => `/contact${given ? `?reference=${given.reference}` : ''}`, { visit })
  expect(channel.address?.(handover)).toBe(`/contact?reference=${reference}`)
  expect(channel.address?.(undefined)).toBe('/contact')
  expect(await channel.open(handover)).toEqual({ ok: true, how: 'text' })
  expect(visited).toEqual([`/contact?reference=${reference}`])
})

test.each([
  () => 'javascript:alert(1)',
  () => 'data:text/html,x',
  () => 'https://',
  () => {
    throw new Error('no such page')
  },
])('an address that is no page is neither rendered nor visited, and attaches nothing: %s', async (urlOf) => {
  const visited: string[] = []
  const channel = pageLink(urlOf, { visit: (address) => void visited.push(address) })
  expect(channel.address?.(handover)).toBe('')
  expect(await channel.attach(handover)).toEqual({ ok: false, reason: 'refused' })
  expect(await channel.open(handover)).toEqual({ ok: false, reason: 'refused' })
  expect(visited).toEqual([])
})
