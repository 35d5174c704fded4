import { expect, test } from 'vitest'
import { BROWSER_KEY, openDesk, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'

const PROXY = { trustedProxies: ['10.0.0.1'], identityHeader: 'X-Email' }
const SECOND = 'another-secret-key-4711'

test.each([
  ['an empty token', { readToken: '' }],
  ['a token of spaces', { readToken: ' '.repeat(20) }],
  ['a short token', { readToken: 'fifteen-letters' }],
  ['a token of one letter', { readToken: 'a'.repeat(40) }],
  ['a token of two letters', { readToken: 'ab'.repeat(20) }],
  ['a word over and over', { readToken: 'secret-secret-secret-sec' }],
  ['two tokens with a comma', { readToken: `${TOKEN},${SECOND}` }],
  ['a token with a space', { readToken: `${TOKEN} ${SECOND}` }],
  ['a token with a line break', { readToken: `${TOKEN}\n` }],
  ['a token that no header carries', { readToken: 'žluťoučký-kůň-pěl-ódy' }],
  ['a short ingest key', { ingestKeys: [SERVER_KEY, 'short'] }],
  ['an ingest key twice', { ingestKeys: [SERVER_KEY, SERVER_KEY] }],
  ['ingest keys in one', { ingestKeys: [`${SERVER_KEY},${SECOND}`] }],
  ['an ingest key that is the read token', { ingestKeys: [TOKEN] }],
  ['a browser key that is the read token', { browserKeys: [TOKEN] }],
  ['a browser key that is an ingest key', { browserKeys: [SERVER_KEY] }],
  ['an origin that is none', { browserOrigins: ['not-an-origin'] }],
  ['an origin with a path', { browserOrigins: ['https://shop.example/'] }],
  ['an origin with a wildcard', { browserOrigins: ['https://*.shop.example'] }],
  ['an origin of no web page', { browserOrigins: ['file:///home'] }],
  ['the origin null', { browserOrigins: ['null'] }],
  ['an origin in capitals', { browserOrigins: ['https://Shop.example'] }],
  ['no origin at all', { browserOrigins: [] }],
  ['a proxy by name', { trustedProxies: ['localhost'] }],
  ['a network that is none', { trustedProxies: ['10.0.0.0/33'] }],
  ['every address', { trustedProxies: ['0.0.0.0/0'] }],
  ['half a network', { trustedProxies: ['10.0.0.0/'] }],
  ['an identity header that nobody is trusted to write', { identityHeader: 'X-Forwarded-Email' }],
  ['people of a proxy who may do more than support needs', { ...PROXY, identityScopes: ['read', 'admin'] as const }],
  ['people of a proxy who may not read', { ...PROXY, identityScopes: ['link'] as const }],
  ['an identity header that is no header', { trustedProxies: ['10.0.0.1'], identityHeader: 'X Email:' }],
  ['a log kept for no day', { keepLogDays: 0 }],
])('a desk with %s does not start, and the reason repeats no key', (_, options) => {
  let fault: unknown
  try {
    void openDesk(options).tokens
  } catch (error) {
    fault = error
  }
  expect(fault).toBeInstanceOf(TypeError)
  const { message } = fault as TypeError
  expect(message).toMatch(/^\[waybill\] /)
  for (const key of [TOKEN, SERVER_KEY, BROWSER_KEY, SECOND, 'fifteen-letters', 'secret-secret'])
    expect(message).not.toContain(key)
})

test('keys that are random start it, with origins as browsers write them', async () => {
  await using desk = openDesk({
    readToken: 'd41d8cd98f00b204e9800998ecf8427e',
    browserOrigins: ['https://shop.example', 'http://localhost:3000', 'http://[::1]:8080'],
    trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'],
    identityHeader: 'X-Forwarded-Email',
  })
  expect((await desk.request('/session')).status).toBe(200)
})

test.each([
  ['no name', { name: '' }],
  ['a name of two words', { name: 'jane doe' }],
  ['the environment’s name', { name: 'environment' }],
  ['no scope', { scopes: [] }],
  ['a scope that there is not', { scopes: ['write'] }],
  ['a browser key that reads', { scopes: ['browser', 'read'] }],
  ['an origin for a server', { scopes: ['ingest'], origins: ['https://shop.example'] }],
  ['an origin that is none', { scopes: ['browser'], origins: ['not-an-origin'] }],
  ['an expiry in the past', { expiresAt: Date.now() - 1 }],
  ['an expiry that is no time', { expiresAt: Number.NaN }],
])('a token with %s is not made', async (_, fields) => {
  await using desk = openDesk()
  const token = { name: 'jane', scopes: ['read'], ...fields } as Parameters<typeof desk.tokens.create>[0]
  await expect(desk.tokens.create(token)).rejects.toThrow(/^\[waybill\] /)
  expect(await desk.tokens.list()).toEqual([])
})
