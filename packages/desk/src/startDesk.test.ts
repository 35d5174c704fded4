import { expect, test } from 'vitest'
import { startDesk } from '@waybill/desk'

const keys = { databaseFile: ':memory:', readToken: 'token-for-reading', ingestKeys: ['secret-key-for-servers'] }

test('listens on a free port, knows the caller’s address, and stops though connections are kept alive', async () => {
  const addresses: string[] = []
  const desk = await startDesk({ ...keys, port: 0, log: ({ address }) => addresses.push(address) })
  const headers = { authorization: 'Bearer token-for-reading' }
  expect((await fetch(`${desk.url}/api/trails/x`, { headers })).status).toBe(200)
  expect(addresses).toEqual(['127.0.0.1'])
  const begun = performance.now()
  await desk.stop()
  expect(performance.now() - begun).toBeLessThan(2000)
  await expect(fetch(desk.url)).rejects.toThrow()
})

test('says in words that the port is taken', async () => {
  const desk = await startDesk({ ...keys, port: 0 })
  const port = Number(new URL(desk.url).port)
  await expect(startDesk({ ...keys, port })).rejects.toThrow(`[waybill] Port ${port} on 127.0.0.1 is taken`)
  await desk.stop()
})
