import { expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import type { AccessLogLine } from '@waybill/desk'

const authorization = `Bearer ${TOKEN}`

/** The address that the log names for a request that came like this. */
async function addressOf(from: string, headers: Record<string, string>, trustedProxies: readonly string[]) {
  const lines: AccessLogLine[] = []
  await using desk = openDesk({ trustedProxies, log: (line) => lines.push(line) })
  await desk.request('/api/trails/x', { from, headers: { authorization, ...headers } })
  return lines[0]?.address
}

test.each([
  ['a client of a proxy', '10.0.0.7', '198.51.100.4', '198.51.100.4'],
  ['what the client made up before', '10.0.0.7', '1.1.1.1, 198.51.100.4', '198.51.100.4'],
  ['a chain of proxies', '10.0.0.7', '1.1.1.1, 198.51.100.4, 10.0.0.9', '198.51.100.4'],
  ['a client that says it is a proxy', '10.0.0.7', '1.1.1.1, 10.0.0.8, 198.51.100.4', '198.51.100.4'],
  ['no header', '10.0.0.7', '', '10.0.0.7'],
  ['only proxies', '10.0.0.7', '10.0.0.8, 10.0.0.9', '10.0.0.8'],
  ['no address at the end', '10.0.0.7', '198.51.100.4, unknown', '10.0.0.7'],
  ['nothing at the end', '10.0.0.7', '198.51.100.4, ', '10.0.0.7'],
  ['a comma and spaces', '10.0.0.7', ' , ,198.51.100.4\t', '198.51.100.4'],
  ['spaces within', '10.0.0.7', '1.1.1.1 198.51.100.4', '10.0.0.7'],
  ['a port', '10.0.0.7', '198.51.100.4:8080', '198.51.100.4'],
  ['an address of IPv6', '10.0.0.7', '2001:DB8:0::1', '2001:db8::1'],
  ['one with a port', '10.0.0.7', '[2001:db8::1]:443', '2001:db8::1'],
  ['one that holds an IPv4 address', '10.0.0.7', '::ffff:198.51.100.4', '198.51.100.4'],
  ['one that holds it in hex', '10.0.0.7', '::FFFF:c633:6404', '198.51.100.4'],
  ['a proxy that an IPv6 socket sees', '::ffff:10.0.0.7', '198.51.100.4', '198.51.100.4'],
  ['a proxy of IPv6', 'fd00::1', '198.51.100.4', '198.51.100.4'],
  ['numbers of other bases', '10.0.0.7', '0x7f.1', '10.0.0.7'],
  ['a log line made up', '10.0.0.7', '198.51.100.4"event":"erase"', '10.0.0.7'],
  ['somebody who is no proxy', '203.0.113.5', '198.51.100.4', '203.0.113.5'],
  ['a neighbour of the proxy', '10.0.1.7', '198.51.100.4', '10.0.1.7'],
])('behind proxies the address is read from the right: %s', async (_, from, forwarded, address) => {
  const headers = { ...(forwarded && { 'x-forwarded-for': forwarded }) }
  expect(await addressOf(from, headers, ['10.0.0.0/24', 'fd00::/8'])).toBe(address)
})

test('without proxies no header counts', async () => {
  const headers = { 'x-forwarded-for': '198.51.100.4', 'x-real-ip': '198.51.100.5', forwarded: 'for=198.51.100.6' }
  expect(await addressOf('10.0.0.7', headers, [])).toBe('10.0.0.7')
})

const proxied = { trustedProxies: ['10.0.0.7'], identityHeader: 'X-Forwarded-Email' }

test('who signed in at the proxy may read, is named in the log, and does nothing else', async () => {
  const lines: AccessLogLine[] = []
  await using desk = openDesk({ ...proxied, log: (line) => lines.push(line) })
  const init = {
    from: '10.0.0.7',
    headers: { 'x-forwarded-email': 'jane@shop.example', 'x-forwarded-for': '198.51.100.4' },
  }
  expect((await desk.request('/api/trails/x', init)).status).toBe(200)
  expect(await (await desk.request('/session', init)).json()).toEqual({
    signedIn: true,
    who: 'jane@shop.example',
    scopes: ['read'],
  })
  for (const path of ['/api/log', '/api/links', '/v1/traces']) {
    const method = path === '/api/log' ? 'GET' : 'POST'
    const answer = await desk.request(path, { ...init, method })
    expect(answer.status, path).toBe(403)
  }
  const who = { who: 'jane@shop.example', via: 'proxy', address: '198.51.100.4' }
  expect(lines).toMatchObject([
    { event: 'look-up', ...who },
    { event: 'refused', ...who, kind: 'not-of-scope-admin' },
    { event: 'refused', ...who, kind: 'not-of-scope-link' },
    { event: 'refused', ...who, kind: 'not-of-scope-ingest-browser' },
  ])
})

test.each([
  ['from somebody who is no proxy', '203.0.113.5', { 'x-forwarded-email': 'jane@shop.example' }],
  ['that names several', '10.0.0.7', { 'x-forwarded-email': 'evil@shop.example, jane@shop.example' }],
  ['with a space', '10.0.0.7', { 'x-forwarded-email': 'jane doe' }],
  ['that is empty', '10.0.0.7', { 'x-forwarded-email': ' ' }],
  ['that is too long', '10.0.0.7', { 'x-forwarded-email': 'j'.repeat(300) }],
  ['of another name', '10.0.0.7', { 'x-forwarded-user': 'jane@shop.example' }],
  ['of another site’s page', '10.0.0.7', { 'x-forwarded-email': 'jane@shop.example', 'sec-fetch-site': 'cross-site' }],
])('an identity header %s lets nobody in', async (_, from, headers) => {
  await using desk = openDesk(proxied)
  expect((await desk.request('/api/trails/x', { from, headers: headers as Record<string, string> })).status).toBe(401)
})

test('an identity header that came twice lets nobody in', async () => {
  await using desk = openDesk(proxied)
  const headers = new Headers({ 'x-forwarded-email': 'evil@shop.example' })
  headers.append('X-Forwarded-Email', 'jane@shop.example')
  expect((await desk.request('/api/trails/x', { from: '10.0.0.7', headers })).status).toBe(401)
})

test('a wrong token is wrong for whoever signed in at the proxy, too', async () => {
  await using desk = openDesk(proxied)
  const headers = { 'x-forwarded-email': 'jane@shop.example', authorization: 'Bearer guess' }
  expect((await desk.request('/api/trails/x', { from: '10.0.0.7', headers })).status).toBe(401)
})

test('the cookie is Secure behind a proxy that speaks TLS, and by nobody else’s word', async () => {
  await using desk = openDesk({ trustedProxies: ['10.0.0.7'] })
  const cookieFrom = async (from: string, proto: string) => {
    const init = { method: 'POST', body: TOKEN, from, headers: { 'x-forwarded-proto': proto } }
    return (await desk.request('/login', init)).headers.get('set-cookie') ?? ''
  }
  const secure = await cookieFrom('10.0.0.7', 'https')
  expect(secure).toMatch(/^__Host-waybill_desk=/)
  expect(secure).toMatch(/; Secure/)
  expect(secure).not.toMatch(/Domain/i)
  expect(await cookieFrom('10.0.0.7', 'http')).not.toMatch(/Secure|__Host/)
  expect(await cookieFrom('203.0.113.5', 'https')).not.toMatch(/Secure|__Host/)
  const cookie = secure.split(';')[0]!
  const look = async (from: string, proto: string) =>
    (await desk.request('/api/trails/x', { from, headers: { cookie, 'x-forwarded-proto': proto } })).status
  expect(await look('10.0.0.7', 'https')).toBe(200)
  expect(await look('10.0.0.7', 'http')).toBe(401)
})
