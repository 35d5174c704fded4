import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startClickHouse } from '../../fixtures/startClickHouse.ts'
import { startClickHouseProxy } from '../../fixtures/startClickHouseProxy.ts'
import type { ClickHouseProxy } from '../../fixtures/startClickHouseProxy.ts'

const clickHouse = await startClickHouse()
afterAll(() => clickHouse?.stop())

const PERSON = 'customer-481516'

describe.runIf(clickHouse)('a desk on ClickHouse', () => {
  let folder: string
  let proxy: ClickHouseProxy
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-clickhouse-desk-'))
    proxy = await startClickHouseProxy(clickHouse!)
  })
  afterAll(async () => {
    await proxy.stop()
    rmSync(folder, { recursive: true })
  })

  const hashSecret = randomBytes(32).toString('base64')
  const open = (database: string, faults?: unknown[]) =>
    openDesk({
      database,
      hashSecret,
      accessDatabase: join(folder, 'access.db'),
      ...(faults && { onError: (error: unknown) => faults.push(error) }),
    })

  test('takes trails in, finds them by everything, and exports and erases them', async () => {
    const { address } = await clickHouse!.makeDatabase()
    await using desk = open(address)
    const { browser, servers, reference } = refundTrail({ person: PERSON })
    expect((await desk.sendAsServer(servers)).status).toBe(200)
    expect((await desk.sendAsBrowser(browser)).status).toBe(200)
    const [match] = (await desk.lookUp(reference)).matches
    expect(match?.steps).toHaveLength(servers.length + browser.length)
    expect((await desk.lookUp(PERSON)).matches).toHaveLength(1)
    expect((await desk.search(`It says ${reference}, and is broken`)).matches).toHaveLength(1)
    const reader = { headers: { authorization: `Bearer ${TOKEN}` } }
    expect(await (await desk.request('/api/recent?since=1h', reader)).json()).toMatchObject({ trails: [{ reference }] })
    const headers = { authorization: `Bearer ${await desk.tokenFor('admin')}`, 'content-type': 'application/json' }
    const whom = { method: 'POST', headers, body: JSON.stringify({ person: PERSON }) }
    expect(await (await desk.request('/api/export', whom)).text()).toContain(reference)
    expect(await (await desk.request('/api/erase', whom)).json()).toMatchObject({ trails: 1, cleared: true })
    expect((await desk.lookUp(reference)).matches).toEqual([])
  })

  test('asks senders and readers to come again while ClickHouse is away or refuses, and goes on by itself', async () => {
    const { address } = await clickHouse!.makeDatabase()
    const faults: unknown[] = []
    await using desk = open(proxy.through(address).href, faults)
    const [kept, next] = [refundTrail(), refundTrail()]
    expect((await desk.sendAsServer(kept.servers)).status).toBe(200)
    const reader = { headers: { authorization: `Bearer ${TOKEN}` } }
    for (const fault of ['fail', 'cut', 'down'] as const) {
      if (fault === 'down') await clickHouse!.kill()
      else proxy.faultOf = () => fault
      const refused = [
        await desk.sendAsServer(next.servers),
        await desk.request(`/api/trails/${kept.reference}`, reader),
      ]
      for (const { status, headers } of refused) {
        expect(status).toBe(503)
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      }
      proxy.faultOf = () => undefined
      if (fault === 'down') await clickHouse!.start()
      expect((await desk.lookUp(kept.reference)).matches[0]?.steps).toHaveLength(kept.servers.length)
    }
    expect((await desk.sendAsServer(next.servers)).status).toBe(200)
    expect((await desk.lookUp(next.reference)).matches[0]?.steps).toHaveLength(next.servers.length)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.map(String).join()).not.toContain('desk-password')
  })

  test('keeps tokens and the log in no ClickHouse', async () => {
    const { address } = await clickHouse!.makeDatabase()
    expect(() =>
      openDesk({ database: address, hashSecret, accessDatabase: clickHouse!.address(), onError: () => {} }),
    ).toThrow('cannot be kept in ClickHouse')
  })
})
