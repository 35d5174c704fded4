import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { startDesk } from '@waybill/desk'
import { encodeOtlp } from '@waybill/trail'
import { refundTrail } from '../fixtures/refundTrail.ts'

const keys = { database: ':memory:', readToken: 'token-for-reading', ingestKeys: ['secret-key-for-servers'] }
const headers = { authorization: 'Bearer token-for-reading' }

test('listens on a free port, knows the caller’s address, and stops though connections are kept alive', async () => {
  const addresses: string[] = []
  const desk = await startDesk({ ...keys, port: 0, log: ({ address }) => addresses.push(address) })
  expect((await fetch(`${desk.url}/api/trails/x`, { headers })).status).toBe(200)
  expect(addresses).toEqual(['127.0.0.1'])
  await desk.stop()
  await expect(fetch(desk.url)).rejects.toThrow()
})

test('says in words that the port is taken', async () => {
  const desk = await startDesk({ ...keys, port: 0 })
  const port = Number(new URL(desk.url).port)
  await expect(startDesk({ ...keys, port })).rejects.toThrow(`[waybill] Port ${port} on 127.0.0.1 is taken`)
  await desk.stop()
})

describe('clients that are no good', () => {
  const start = () => {
    const onError = (error: unknown) => void error
    return startDesk({ ...keys, port: 0, onError, clients: { headersTimeoutMs: 400, requestTimeoutMs: 600, most: 3 } })
  }

  test.each([
    ['whose head never ends', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    [
      'whose body never ends',
      'POST /v1/traces HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret-key-for-servers\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ],
  ])('one %s gets 408 and is cut', async (_, sent) => {
    const desk = await start()
    expect(await answerTo(desk.url, sent)).toMatch(/^HTTP\/1\.1 408 /)
    expect((await fetch(`${desk.url}/healthz`)).status).toBe(200)
    await desk.stop()
  })

  test('a head of more than 16 kB gets 431', async () => {
    const desk = await start()
    const lines = Array.from({ length: 200 }, (_, index) => `x-${index}: ${'y'.repeat(90)}\r\n`).join('')
    expect(await answerTo(desk.url, `GET / HTTP/1.1\r\nHost: x\r\n${lines}\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
    await desk.stop()
  })

  test('no header is left out silently, however many come before it', async () => {
    const desk = await start()
    const lines = Array.from({ length: 2500 }, () => 'a:b\r\n').join('')
    const head = `GET /api/map HTTP/1.1\r\nHost: x\r\n${lines}Authorization: Bearer token-for-reading\r\nConnection: close\r\n\r\n`
    expect(await answerTo(desk.url, head)).toMatch(/^HTTP\/1\.1 200 /)
    await desk.stop()
  })

  test('more connections than are allowed are closed, and those that are there go on', async () => {
    const desk = await start()
    const sockets = await Promise.all([1, 2, 3].map(() => connected(desk.url)))
    const extra = connect(portOf(desk.url), '127.0.0.1').on('error', () => {})
    await once(extra, 'close')
    sockets[0]!.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(await text(sockets[0]!)).toMatch(/^HTTP\/1\.1 200 /)
    await desk.stop()
  })
})

describe('stopping', () => {
  test('a request under way is answered, one that comes on an open connection too, and a new connection is refused', async () => {
    const desk = await startDesk({ ...keys, port: 0 })
    const agent = new Agent({ keepAlive: true })
    const kept = await ask(agent, desk.url)
    expect([kept.status, kept.connection]).toEqual([200, 'keep-alive'])
    const body = JSON.stringify(encodeOtlp(refundTrail().servers))
    const slow = await connected(desk.url)
    slow.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret-key-for-servers\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    )
    slow.write(body.slice(0, 10))
    await expect.poll(() => fetch(`${desk.url}/readyz`).then(({ status }) => status)).toBe(200)
    const stopped = desk.stop()
    const late = await ask(agent, desk.url)
    expect([late.status, late.connection]).toEqual([503, 'close'])
    await expect(ask(new Agent(), desk.url)).rejects.toThrow('ECONNREFUSED')
    slow.write(body.slice(10))
    const answer = await text(slow)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer.toLowerCase()).toContain('connection: close')
    await stopped
  })

  test('what does not finish in time is cut', async () => {
    const desk = await startDesk({ ...keys, port: 0, graceMs: 50, onError: () => {} })
    const slow = await connected(desk.url)
    slow.write(
      'POST /v1/traces HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret-key-for-servers\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    )
    await fetch(`${desk.url}/healthz`)
    const ended = once(slow, 'close')
    await desk.stop()
    await ended
  })
})

function portOf(url: string): number {
  return Number(new URL(url).port)
}

async function connected(url: string): Promise<Socket> {
  const socket = connect(portOf(url), '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function answerTo(url: string, sent: string): Promise<string> {
  const socket = await connected(url)
  socket.write(sent)
  return await text(socket)
}

function ask(agent: Agent, url: string) {
  return new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    request(`${url}/readyz`, { agent }, (response) => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }))
    })
      .on('error', reject)
      .end()
  })
}
