import { tracingChannel } from 'node:diagnostics_channel'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOpenAI } from '@ai-sdk/openai'
import { createWaybill } from '@waybill/server'
import { traceChannels } from '@waybill/server/channels'
import type { Step } from '@waybill/trail'
import { generateText } from 'ai'
import { Redis } from 'ioredis'
import mysql from 'mysql2'
import type { Pool } from 'mysql2'
import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { missingServices } from '../fixtures/missingServices.ts'
import { says, startModelServer } from '../fixtures/startModelServer.ts'

let steps: Step[] = []
let faults: unknown[] = []
let stop: () => void = () => undefined
const waybill = createWaybill({
  service: 'shop-api',
  onStep: (step) => steps.push(step),
  onError: (error) => faults.push(error),
})
const missing = await missingServices()

beforeEach(() => {
  steps = []
  faults = []
  stop = traceChannels(waybill)
})
afterEach(() => {
  stop()
  expect(faults).toEqual([])
  expect(JSON.stringify(steps)).not.toMatch(/jane|secret/i)
})

const inContext = <T>(fn: () => T): T => waybill.resume(waybill.mint(), fn)
const names = (): string[] => steps.map(({ name }) => name)

describe.skipIf(missing.has('MariaDB'))('traceChannels with mysql2', () => {
  const table = `refunds_${process.pid}`
  let pool: Pool

  beforeAll(async () => {
    pool = mysql.createPool({ host: '127.0.0.1', user: 'root', database: 'test', connectionLimit: 2 })
    await pool.promise().query(`create table ${table} (id varchar(40) primary key, note text)`)
  })
  afterAll(async () => {
    await pool.promise().query(`drop table ${table}`)
    await pool.promise().end()
  })

  test('records statements by what they do and to which table, prepared ones too', async () => {
    await waybill.run({ hop: 'worker', name: 'refunds' }, async () => {
      await pool.promise().query(`INSERT INTO ${table} (id, note) VALUES (?, 'from jane')`, ['R-1 of jane'])
      await pool.promise().execute(`select note, 'from secret' from \`${table}\` where id = ?`, ['R-1 of jane'])
      await pool.promise().query(`/* by jane */ update test.${table} set note = 'secret card'`)
      await pool.promise().query(`delete from ${table}`)
    })
    const worker = steps.at(-1)
    expect(steps.slice(0, -1)).toMatchObject([
      {
        hop: 'database',
        name: `INSERT ${table}`,
        status: 'ok',
        parentId: worker?.id,
        attributes: {
          'db.system.name': 'mysql',
          'db.operation.name': 'INSERT',
          'db.collection.name': table,
          'db.namespace': 'test',
          'server.address': '127.0.0.1',
          'server.port': 3306,
        },
      },
      { name: 'SELECT' },
      { name: `UPDATE test.${table}` },
      { name: `DELETE ${table}` },
    ])
  })

  test('tells of failures by their code, of upkeep nothing, and outside of a context nothing', async () => {
    await pool.promise().query(`delete from ${table}`)
    await inContext(async () => {
      const connection = await pool.promise().getConnection()
      await connection.ping()
      await connection.query('select 1')
      await connection.query("set @who = 'jane'")
      await connection.beginTransaction()
      await connection.query(`insert into ${table} (id) values ('jane')`)
      await expect(connection.query(`insert into ${table} (id) values ('jane')`)).rejects.toThrow(/jane/)
      await connection.rollback()
      connection.release()
      await expect(pool.promise().query('set nonsense')).rejects.toThrow()
    })
    expect(steps.map(({ name, error }) => [name, error?.type])).toEqual([
      [`INSERT ${table}`, undefined],
      [`INSERT ${table}`, 'ER_DUP_ENTRY'],
      ['SET', 'ER_PARSE_ERROR'],
    ])
  })

  test('calls back in the context of the call, whoever’s the connection was', async () => {
    const contexts = Array.from({ length: 80 }, () => waybill.mint())
    const wrong = await Promise.all(
      contexts.map((context) =>
        waybill.resume(
          context,
          () =>
            new Promise<boolean>((resolve) => {
              pool.query('select sleep(0.001) from dual where ? = ?', [1, 1], () => {
                pool.execute('select ? from dual', ['x'], (error) =>
                  resolve(error !== null || waybill.current() !== context),
                )
              })
            }),
        ),
      ),
    )
    expect(wrong.filter(Boolean)).toEqual([])
    expect(steps).toHaveLength(160)
    const counts = Map.groupBy(steps, ({ reference }) => reference)
    expect(contexts.filter(({ reference }) => counts.get(reference)?.length !== 2)).toEqual([])
  })

  test('tells that no connection was to be had', async () => {
    const nowhere = mysql.createPool({ host: '127.0.0.1', port: 1, user: 'root' })
    await inContext(() => expect(nowhere.promise().query('select * from refunds')).rejects.toThrow())
    expect(steps).toMatchObject([
      { name: 'connect', error: { type: 'ECONNREFUSED' }, attributes: { 'server.port': 1 } },
    ])
  })

  test('tells of many calls the first, that there are more, and all that fail', async () => {
    stop()
    stop = traceChannels(waybill, { mostCalls: 3 })
    await inContext(async () => {
      for (let i = 0; i < 6; i++) await pool.promise().query(`select * from ${table}`)
      await pool
        .promise()
        .query('select * from missing')
        .catch(() => undefined)
    })
    const select = `SELECT ${table}`
    const more = 'further calls, which are not told one by one'
    expect(names()).toEqual([select, select, select, more, 'SELECT missing'])
    await inContext(() => pool.promise().query(`select * from ${table}`))
    expect(names().at(-1)).toBe(select)
  })

  test('tells of a slow call among many, and of a slow ping', async () => {
    stop()
    stop = traceChannels(waybill, { mostCalls: 0 })
    await inContext(() =>
      Promise.all([pool.promise().query('select sleep(1.1) from dual'), pool.promise().query('do sleep(1.1)')]),
    )
    expect(names().toSorted()).toEqual(['DO', 'SELECT dual'])
  })

  test('tells of the statements of a connection by itself, and of rows that are streamed', async () => {
    const connection = mysql.createConnection({ host: '127.0.0.1', user: 'root', database: 'test' })
    await inContext(async () => {
      for await (const row of connection.query('select 1 as one from dual').stream()) expect(row).toEqual({ one: 1 })
    })
    connection.destroy()
    await expect.poll(names).toEqual(['SELECT dual'])
  })

  test('tells nothing once it is stopped', async () => {
    stop()
    await inContext(() => pool.promise().query(`select * from ${table}`))
    expect(steps).toEqual([])
    expect(tracingChannel('mysql2:query').hasSubscribers).toBe(false)
  })
})

describe.skipIf(missing.has('Redis'))('traceChannels with Redis', () => {
  const key = `jane:${process.pid}`
  const ioredis = new Redis({ host: '127.0.0.1' })
  const redis = createClient({ url: 'redis://127.0.0.1:6379' })

  beforeAll(async () => {
    redis.on('error', () => undefined)
    await redis.connect()
  })
  afterAll(async () => {
    await ioredis.del(key)
    await Promise.all([ioredis.quit(), redis.quit()])
  })

  test('records commands of ioredis by name, without keys and values', async () => {
    await inContext(async () => {
      await ioredis.set(key, 'secret')
      await ioredis.get(key)
      await ioredis.ping()
      await expect(ioredis.lpush(key, 'jane')).rejects.toThrow()
    })
    expect(steps.map(({ name, hop, error }) => [name, hop, error?.type])).toEqual([
      ['SET', 'database', undefined],
      ['GET', 'database', undefined],
      ['LPUSH', 'database', 'ReplyError'],
    ])
    expect(steps[0]?.attributes).toEqual({
      'db.system.name': 'redis',
      'db.operation.name': 'SET',
      'db.namespace': '0',
      'server.address': '127.0.0.1',
      'server.port': 6379,
    })
  })

  test('records commands of node-redis by name, without keys and values', async () => {
    await inContext(async () => {
      await redis.set(key, 'secret')
      await redis.ping()
      await expect(redis.lPush(key, 'jane')).rejects.toThrow()
    })
    expect(steps).toMatchObject([
      { name: 'SET', attributes: { 'db.system.name': 'redis', 'db.namespace': '0', 'server.port': 6379 } },
      { name: 'LPUSH', status: 'error' },
    ])
  })

  test('records a batch as one call', async () => {
    await inContext(async () => {
      await ioredis.multi().set(key, '1').incr(key).exec()
      await redis.multi().set(key, '1').incr(key).exec()
      await redis.multi().set(key, '1').incr(key).execAsPipeline()
    })
    const batches = steps.filter(({ attributes }) => attributes?.['db.operation.batch.size'] === 2)
    expect(batches.map(({ name }) => name)).toEqual(['MULTI', 'MULTI', 'PIPELINE'])
    // Ioredis tells of the commands in it too.
    expect(names()).toEqual(['SET', 'INCR', 'MULTI', 'MULTI', 'PIPELINE'])
  })

  test('keeps 100 interleaved callers apart on one connection of each', async () => {
    const contexts = Array.from({ length: 100 }, () => waybill.mint())
    await Promise.all(
      contexts.map((context) =>
        waybill.resume(context, async () => {
          await sleep(Math.random() * 5)
          await Promise.all([ioredis.get(key), redis.get(key)])
        }),
      ),
    )
    const counts = Map.groupBy(steps, ({ reference }) => reference)
    expect(steps).toHaveLength(200)
    expect(contexts.filter(({ reference }) => counts.get(reference)?.length !== 2)).toEqual([])
  })

  test('gives nobody the commands that waited for a connection which another opened', async () => {
    const lazy = new Redis({ host: '127.0.0.1', lazyConnect: true })
    const [first, second] = [waybill.mint(), waybill.mint()]
    await Promise.all([waybill.resume(first, () => lazy.get(key)), waybill.resume(second, () => lazy.get(key))])
    await waybill.resume(second, () => lazy.get(key))
    await lazy.quit()
    expect(steps.map(({ reference }) => reference)).toEqual([second.reference])
  })
})

test('traceChannels with the AI SDK records its calls of models', async () => {
  const server = await startModelServer()
  server.replies.push(says('Dear Jane'))
  const model = createOpenAI({ baseURL: server.url, apiKey: 'k' }).chat('m-1')
  await inContext(() => generateText({ model, prompt: 'Was jane charged twice?' }))
  await server.stop()
  expect(steps.filter(({ startedFor }) => !startedFor)).toMatchObject([
    { hop: 'model', name: 'chat m-1', status: 'ok' },
  ])
})

describe('traceChannels with messages as these libraries publish them', () => {
  /** Read in mssql 12.7 and mongoose 9.12. */
  const messages: readonly [string, object, Partial<Step>][] = [
    ['mssql:query', { command: "select * from [dbo].[Refunds] where who = 'jane'" }, { name: 'SELECT dbo.Refunds' }],
    ['mssql:batch', { command: 'truncate table Refunds' }, { name: 'TRUNCATE Refunds' }],
    ['mssql:execute', { procedure: '[dbo].[usp_refund]', parameters: ['who'] }, { name: 'EXECUTE dbo.usp_refund' }],
    ['mssql:bulk', { table: '[dbo].[Refunds]', rowCount: 2 }, { name: 'INSERT dbo.Refunds' }],
    [
      'mssql:prepared-statement:execute',
      { statement: 'update Refunds set who = @who', parameters: ['who'] },
      { name: 'UPDATE Refunds' },
    ],
    [
      'mongoose:query',
      {
        operation: 'findOne',
        collection: 'refunds',
        database: 'shop',
        serverAddress: 'mongo.shop.example',
        serverPort: 27017,
        args: { filter: { who: 'jane' } },
      },
      {
        name: 'findOne refunds',
        attributes: {
          'db.system.name': 'mongodb',
          'db.operation.name': 'findOne',
          'db.collection.name': 'refunds',
          'db.namespace': 'shop',
          'server.address': 'mongo.shop.example',
          'server.port': 27017,
        },
      },
    ],
    ['mongoose:model:insertMany', { operation: 'insertMany', collection: 'refunds' }, { name: 'insertMany refunds' }],
    ['mongoose:aggregate', { operation: 'aggregate', collection: undefined }, { name: 'aggregate' }],
    ['mysql2:query', null as unknown as object, {}],
  ]

  test.each(messages.slice(0, -1))('records %s', async (channel, message, step) => {
    await inContext(() => tracingChannel<object, object>(channel).tracePromise(async () => sleep(1), { ...message }))
    expect(steps).toMatchObject([{ ...step, hop: 'database', status: 'ok' }])
  })

  test('listens to the libraries that are named, and to others not', async () => {
    stop()
    stop = traceChannels(waybill, { libraries: ['mongoose'] })
    for (const [channel, message] of messages.slice(0, -1)) {
      await inContext(() => tracingChannel<object, object>(channel).tracePromise(async () => undefined, { ...message }))
    }
    expect(steps.map(({ attributes }) => attributes?.['db.system.name'])).toEqual(['mongodb', 'mongodb', 'mongodb'])
  })

  test('takes no harm from messages of other shapes', async () => {
    const odd = [{}, { query: 7 }, { command: Symbol('x'), args: 'x' }, { operation: 'x'.repeat(500), collection: {} }]
    for (const channel of ['mysql2:query', 'ioredis:command', 'mssql:bulk', 'mongoose:query', 'h3.request']) {
      for (const message of odd) {
        await inContext(() => tracingChannel<object, object>(channel).tracePromise(async () => 1, { ...message }))
      }
    }
    expect(steps.every(({ name }) => name.length < 120)).toBe(true)
  })
})
