import { createServer } from 'node:http'
import { once } from 'node:events'
import { startDesk } from '@waybill/desk'
import { afterEach, expect, test, vi } from 'vitest'
import { askDesk } from './askDesk.ts'

const TOKEN = 'a-token-for-reading-trails'
afterEach(() => vi.unstubAllEnvs())

function ask(desk: string, { token = TOKEN, path = '/api/recent' } = {}) {
  vi.stubEnv('SUPPORT_TOKEN', token)
  const isAnswer = (answer: unknown): answer is object => Array.isArray(Object(answer).trails)
  return askDesk(path, { desk, tokenEnv: 'SUPPORT_TOKEN', isAnswer })
}

test('gives the answer, also where the address ends in a slash', async () => {
  const desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: ['a-key-for-servers'],
    port: 0,
  })
  for (const url of [desk.url, `${desk.url}/`])
    expect(await ask(url)).toEqual({ ok: true, answer: { trails: [], more: false, unseen: [] } })
  const refused = await ask(desk.url, { token: 'another-token' })
  expect(refused).toMatchObject({ ok: false, reason: 'refused', message: expect.stringContaining('$SUPPORT_TOKEN') })
  expect(JSON.stringify(refused)).not.toContain('another-token')
  expect(await ask(desk.url, { path: '/api/map' })).toMatchObject({ ok: false, reason: 'unreachable' })
  await desk.stop()
})

test.each([
  ['', 'http://localhost', 'misuse', 'is not set'],
  ['två\nlines', 'http://localhost', 'misuse', 'cannot be a token'],
  [TOKEN, 'desk', 'misuse', 'no address of a desk'],
  [TOKEN, 'file:///etc/passwd', 'misuse', 'no address of a desk'],
  [TOKEN, 'http://127.0.0.1:1', 'unreachable', 'no answer from http://127.0.0.1:1'],
])('with the token %j and the address %j it is %s', async (token, desk, reason, words) => {
  expect(await ask(desk, { token })).toMatchObject({ ok: false, reason, message: expect.stringContaining(words) })
})

test.each([
  [403, 'refused', 'scope "read"'],
  [429, 'busy', 'again in 7 s'],
  [413, 'misuse', '64 kB'],
  [200, 'unreachable', 'not as expected'],
])('an answer with %d is %s', async (status, reason, words) => {
  const server = createServer((_request, response) => response.writeHead(status, { 'retry-after': '7' }).end('<html>'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const asked = await ask(`http://127.0.0.1:${port}`)
  server.close()
  server.closeAllConnections()
  expect(asked).toMatchObject({ ok: false, reason, message: expect.stringContaining(words) })
})
