import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDesk } from '@waybill/desk'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDesk, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startPostgres } from '../../fixtures/startPostgres.ts'
import type { PostgresDatabase } from '../../fixtures/startPostgres.ts'
import { postgresAccessStore } from '../access/postgresAccessStore.ts'

const server = await startPostgres()
afterAll(() => server?.[Symbol.asyncDispose]())

const PERSON = 'customer-481516'

describe.skipIf(!server)('a desk on PostgreSQL', () => {
  const hashSecret = randomBytes(32).toString('base64')
  let database: PostgresDatabase
  beforeEach(async () => {
    database = await server!.makeDatabase()
  })

  const open = () => openDesk({ database: database.address, hashSecret })

  test('takes trails in, finds them by everything, and keeps tokens, the log and erasure for all desks on the database', async () => {
    await using one = open()
    await using two = open()
    const { browser, servers, reference } = refundTrail({ person: PERSON })
    expect((await one.sendAsServer(servers)).status).toBe(200)
    expect((await two.sendAsBrowser(browser)).status).toBe(200)
    for (const desk of [one, two]) {
      const [match] = (await desk.lookUp(reference)).matches
      expect(match?.steps).toHaveLength(servers.length + browser.length)
      expect((await desk.lookUp(PERSON)).matches).toHaveLength(1)
      expect((await desk.lookUp(servers[0]!.traceId)).matches).toHaveLength(1)
      expect((await desk.search(`It says ${reference}, and is broken`)).matches).toHaveLength(1)
    }
    const person = (await one.lookUp(reference)).matches[0]!.person!
    const reader = { headers: { authorization: `Bearer ${TOKEN}` } }
    const trails = await two.request(`/api/customers/${person.slice(0, 16)}`, reader)
    expect(await trails.json()).toMatchObject({ trails: [{ reference }] })
    const recent = await two.request('/api/recent?since=1h', reader)
    expect(await recent.json()).toMatchObject({ trails: [{ reference }] })

    const { value } = await one.tokens.create({ name: 'jane', scopes: ['read', 'admin'] })
    const asJane = { headers: { authorization: `Bearer ${value}` } }
    expect((await two.request(`/api/trails/${reference}`, asJane)).status).toBe(200)
    const log = (await (await one.request('/api/log', asJane)).json()) as { entries: { event: string; who: string }[] }
    expect(log.entries.map(({ event, who }) => `${event} ${who}`)).toEqual(
      expect.arrayContaining(['look-up jane', 'look-up environment', expect.stringMatching(/^token-create/)]),
    )
    const asked = {
      method: 'POST',
      headers: { ...asJane.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ person: PERSON }),
    }
    const exported = await two.request('/api/export', asked)
    expect([exported.status, (await exported.text()).includes(reference)]).toEqual([200, true])
    const erased = await two.request('/api/erase', asked)
    expect(await erased.json()).toMatchObject({ trails: 1, cleared: true })
    expect((await one.lookUp(reference)).matches).toEqual([])
    expect(await two.tokens.revoke('jane')).toBe(true)
    expect((await one.request(`/api/trails/${reference}`, asJane)).status).toBe(401)
    const health = await one.request('/readyz')
    expect(health.status).toBe(200)
  })

  test('says what is wrong with its database as it starts, in words without the password', async () => {
    const [, port] = /:(\d+)\//.exec(database.address)!
    const at = (address: string) => address.replace('PORT', port!)
    await database.query('CREATE ROLE stranger LOGIN')
    const [name] = /desk_\w+$/.exec(database.address)!
    for (const [address, words] of [
      ['postgres://postgres:pass-word-9@127.0.0.1:1/postgres', 'does not answer'],
      [at('postgres://nobody:pass-word-9@127.0.0.1:PORT/postgres'), 'does not let the desk in'],
      [at('postgres://postgres:pass-word-9@127.0.0.1:PORT/missing'), 'has no database of that name'],
      [at(`postgres://stranger:pass-word-9@127.0.0.1:PORT/${name}`), 'may not do that'],
    ] as const) {
      const desk = createDesk({ database: address, hashSecret, readToken: TOKEN, ingestKeys: [], onError: () => {} })
      const fault = await desk.opened.then(
        () => undefined,
        (error: unknown) => error as Error,
      )
      expect(fault?.message).toMatch(/^\[waybill] /)
      expect(fault?.message).toContain(words)
      expect(fault?.message).not.toContain('pass-word-9')
      await desk.stop()
    }
  })

  test('a user who has a schema and no right to make one can keep a desk in it', async () => {
    const name = `owner_${randomBytes(4).toString('hex')}`
    await database.query(`CREATE ROLE ${name} LOGIN; CREATE SCHEMA waybill AUTHORIZATION ${name}`)
    const desk = createDesk({
      database: database.address.replace('postgres@', `${name}@`),
      hashSecret,
      readToken: TOKEN,
      ingestKeys: [],
      onError: () => {},
    })
    await desk.opened
    await desk.stop()
  })

  test('leaves alone what is another program’s, or a newer version’s', async () => {
    await database.query(
      'CREATE TABLE public.trail (id int); CREATE SCHEMA shop; CREATE TABLE shop.meta (key text, value text)',
    )
    await database.query("INSERT INTO shop.meta VALUES ('version', '1')")
    const opened = async (query = ''): Promise<string> => {
      const address = `${database.address}${query}`
      const desk = createDesk({ database: address, hashSecret, readToken: TOKEN, ingestKeys: [], onError: () => {} })
      const words = await desk.opened.then(
        () => 'opened',
        (error: unknown) => String(error),
      )
      await desk.stop()
      return words
    }
    expect(await opened('?schema=shop')).toContain('another program')
    expect(await opened('?schema=public')).toContain('another program')
    expect(await opened()).toBe('opened')
    expect(await database.query('SELECT * FROM public.trail')).toEqual([])
    const tables = await database.query(
      "SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'shop') ORDER BY 1",
    )
    expect(tables).toEqual([{ tablename: 'meta' }, { tablename: 'trail' }])
    await database.query("UPDATE waybill.meta SET value = '99' WHERE key = 'version'")
    expect(await opened()).toContain('newer version')
  })

  describe('started in a folder', () => {
    const before = process.cwd()
    let folder: string
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'waybill-cwd-'))
      process.chdir(folder)
    })
    afterEach(() => {
      process.chdir(before)
      rmSync(folder, { recursive: true })
    })
    const start = async (): Promise<string> => {
      const desk = createDesk({ database: database.address, readToken: TOKEN, ingestKeys: [], onError: () => {} })
      const words = await desk.opened.then(
        () => 'opened',
        (error: unknown) => String(error),
      )
      await desk.stop()
      return words
    }

    test('keeps its hash secret there, the same for every desk that starts there, and nowhere in the database', async () => {
      expect(await Promise.all([start(), start(), start()])).toEqual(['opened', 'opened', 'opened'])
      const secret = readFileSync('waybill.secret', 'utf8').trim()
      const rows = await database.query('SELECT * FROM waybill.meta')
      expect(JSON.stringify(rows)).not.toContain(secret)
      expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret, 'base64url').toString('hex'))
    })

    test('of a desk that has another secret is told to take the first one’s, and keeps no new one', async () => {
      expect(await start()).toBe('opened')
      const secret = readFileSync('waybill.secret', 'utf8')
      rmSync('waybill.secret')
      expect(await start()).toContain('copy the first one’s waybill.secret')
      expect(existsSync('waybill.secret')).toBe(false)
      writeFileSync('waybill.secret', secret)
      expect(await start()).toBe('opened')
    })
  })

  test('a server that was away when it was first asked is found once it is there', async () => {
    const access = postgresAccessStore({ url: new URL(database.address) })
    await access.tokens()
    await access.stop()
    await server!.stop('fast')
    const heard: unknown[] = []
    const desk = openDesk({ database: database.address, hashSecret, onError: (error) => heard.push(error) })
    const { servers, reference } = refundTrail()
    expect((await desk.sendAsServer(servers)).status).toBe(503)
    await expect(desk.lookUp(reference)).rejects.toThrow('503')
    await server!.start()
    await expect.poll(async () => (await desk.sendAsServer(servers)).status).toBe(200)
    expect((await desk.lookUp(reference)).matches).toHaveLength(1)
    await desk[Symbol.asyncDispose]()
    expect(heard.length).toBeGreaterThan(0)
    for (const error of heard) expect((error as Error).message).toMatch(/^\[waybill]/)
  })
})
