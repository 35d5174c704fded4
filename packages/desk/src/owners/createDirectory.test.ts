import { mintSpanId } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import { openDesk, SERVER_KEY } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { createDirectory } from './createDirectory.ts'
import type { OwnerEntry } from './createDirectory.ts'

describe('owners', () => {
  const owners: readonly OwnerEntry[] = [
    {
      service: 'refund-worker',
      hop: 'model',
      name: 'AI team',
      contact: '#ai in Slack',
      url: 'https://chat.example/ai',
    },
    { service: 'refund-worker', name: 'Payments team', url: 'mailto:payments@shop.example' },
    { hop: 'database', name: 'Data team', url: 'tel:+15550100' },
    { name: 'On call' },
  ]
  test.each([
    ['refund-worker', 'model', 'AI team'],
    ['refund-worker', 'worker', 'Payments team'],
    ['refund-worker', 'database', 'Payments team'],
    ['shop-api', 'database', 'Data team'],
    ['shop-api', 'model', 'On call'],
  ] as const)('%s at %s: the first entry that fits, %s', (service, hop, name) => {
    expect(createDirectory({ owners }).ownerOf({ service, hop })?.name).toBe(name)
  })

  test('what an entry does not say is null, and where none fits there is no owner', () => {
    const directory = createDirectory({ owners: [{ service: 'shop-api', name: 'Shop team' }] })
    expect(directory.ownerOf({ service: 'shop-api', hop: 'api' })).toEqual({
      name: 'Shop team',
      contact: null,
      url: null,
    })
    expect(directory.ownerOf({ service: 'other', hop: 'api' })).toBeNull()
    expect(createDirectory().ownerOf({ service: 'shop-api', hop: 'api' })).toBeNull()
  })

  test.each([
    [{ name: ' ' }, /^\[waybill\] Owner 1 has no name/],
    [{ name: 'A', url: 'javascript:alert(1)' }, /^\[waybill\] The url of the owner A leads nowhere/],
    [{ name: 'A', url: ' JavaScript:alert(1)' }, /leads nowhere/],
    [{ name: 'A', url: 'data:text/html,x' }, /leads nowhere/],
    [{ name: 'A', url: '/wiki' }, /leads nowhere/],
    [{ name: 'A', url: 'https://me:secret@wiki.example' }, /leads nowhere/],
    [{ name: 'A', hop: 'nowhere' as never }, /^\[waybill\] The hop of the owner A is none/],
  ])('%j is refused', (entry, message) => {
    const make = (): unknown => createDirectory({ owners: [entry] })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})

describe('links of facts', () => {
  const directory = createDirectory({
    factLinks: {
      order: 'https://admin.shop.example/orders/{value}',
      ticket: 'https://desk.example/?q={value}&safe=1',
      note: 'https://x.example/#{value}',
    },
  })

  test('lead to the value, as a part of the address', () => {
    expect(directory.linkTo('order', 'A-4711')).toEqual({
      name: 'order',
      value: 'A-4711',
      href: 'https://admin.shop.example/orders/A-4711',
    })
    expect(directory.linkTo('customer', 'C-1')).toBeNull()
    expect(directory.linkTo('constructor', 'C-1')).toBeNull()
  })

  test.each([
    '../../admin?x=1#y',
    '//evil.example/',
    '\\evil',
    '"><script>alert(1)</script>',
    '%2e%2e',
    'a b',
    '\ud800',
    '&safe=0',
  ])('no value breaks out of its place: %j', (value) => {
    const order = new URL(directory.linkTo('order', value)!.href)
    expect([order.host, order.search, order.hash]).toEqual(['admin.shop.example', '', ''])
    expect(order.pathname).toMatch(/^\/orders\/[^/]+$/)
    expect(directory.linkTo('order', value)!.href).not.toMatch(/["<>\s]/)
    const { searchParams } = new URL(directory.linkTo('ticket', value)!.href)
    expect([searchParams.get('q'), searchParams.get('safe')]).toEqual([value.replace('\ud800', '\ufffd'), '1'])
  })

  test.each(['.', '..', ''])('of %j, which would lead to another place, there is none', (value) => {
    expect(directory.linkTo('order', value)).toBeNull()
  })

  test.each([
    'javascript:alert("{value}")',
    'data:text/html,{value}',
    'ftp://x.example/{value}',
    '/orders/{value}',
    'https://{value}',
    'https://{value}.shop.example/',
    'https://shop{value}/',
    'https://shop.example:80{value}/',
    'https://shop.example\\{value}',
    'https://shop.example@{value}/',
    'https://me:secret@shop.example/{value}',
    'https://shop.example/orders',
  ])('%s is refused, by the fact’s name', (url) => {
    const make = (): unknown => createDirectory({ factLinks: { order: url } })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(/^\[waybill\] The link for the fact order is no address/)
    expect(() => createDirectory({ factLinks: { order: url } })).not.toThrow(/secret/)
  })

  test('what is asked for beside the value is refused', () => {
    expect(() => createDirectory({ factLinks: { order: 'https://x.example/{value}/{reference}' } })).toThrow(
      'asks for {reference}, which there is not',
    )
  })
})

test('a desk names the owner of the place that failed, and links the facts and noted numbers of a trail', async () => {
  await using desk = openDesk({
    owners: [{ service: 'refund-worker', name: 'Payments team', contact: '#payments' }, { name: 'On call' }],
    factLinks: { order: 'https://admin.shop.example/orders/{value}', ticket: 'https://desk.example/{value}' },
  })
  const { servers, reference } = refundTrail({ order: 'A-4711' })
  await desk.sendAsServer(servers)
  await desk.request('/api/links', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` },
    body: JSON.stringify({ reference, kind: 'ticket', value: 'ZD-1' }),
  })
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.owner).toEqual({ name: 'Payments team', contact: '#payments', url: null })
  expect(match?.factLinks).toEqual([
    { name: 'order', value: 'A-4711', href: 'https://admin.shop.example/orders/A-4711' },
    { name: 'ticket', value: 'ZD-1', href: 'https://desk.example/ZD-1' },
  ])
  // Nothing failed, so nobody has to be asked.
  const good = refundTrail().servers.slice(0, 2)
  await desk.sendAsServer(good.map((step) => ({ ...step, id: mintSpanId() })))
  expect((await desk.lookUp(good[0]!.reference)).matches[0]?.owner).toBeNull()
})
