import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { accessLine, describeAccessStore } from '../../fixtures/describeAccessStore.ts'
import { openSchemas } from '../../fixtures/openSchemas.ts'
import type { SchemaPlace } from '../../fixtures/openSchemas.ts'
import { postgresAccessStore } from './postgresAccessStore.ts'

const schemas = await openSchemas()
const places: SchemaPlace[] = []
afterEach(async () => {
  for (const place of places.splice(0)) await place.remove()
})
afterAll(() => schemas?.close())

async function newPlace(): Promise<SchemaPlace> {
  const place = await schemas!.make()
  places.push(place)
  return place
}

if (schemas) {
  describeAccessStore('PostgreSQL', async (options) => {
    const { address } = await newPlace()
    return postgresAccessStore({ url: new URL(address), ...options })
  })

  describe('the log in PostgreSQL', () => {
    test('lets nobody change a line, or take away one that is young', async () => {
      const { address, schema } = await newPlace()
      const store = postgresAccessStore({ url: new URL(address), keepLogDays: 30 })
      await store.append(accessLine())
      for (const sql of ["UPDATE $.log SET who = 'nobody'", 'DELETE FROM $.log', 'TRUNCATE $.log'])
        await expect(schemas.query(sql.replace('$', schema)), sql).rejects.toThrow('append-only')
      expect(await store.log({ limit: 10 })).toMatchObject([{ who: 'jane' }])
      await store.stop()
    })

    test('of two desks is one, and a token made at one is known at the other', async () => {
      const { address } = await newPlace()
      const [one, two] = [0, 1].map(() => postgresAccessStore({ url: new URL(address) })) as [Store, Store]
      const token = {
        id: 'a1',
        name: 'jane',
        hash: 'hash-1',
        scopes: ['read' as const],
        origins: [],
        createdAt: 1,
        expiresAt: null,
        revokedAt: null,
      }
      const added = await Promise.all([
        one.addToken(token, accessLine()),
        two.addToken({ ...token, id: 'b2', hash: 'hash-2' }, accessLine()),
      ])
      expect(new Set(added)).toEqual(new Set([false, true]))
      const winner = added[0] ? 'hash-1' : 'hash-2'
      expect(await one.tokenByHash(winner)).toEqual(await two.tokenByHash(winner))
      expect(await two.log({ limit: 9 })).toHaveLength(1)
      await Promise.all([one.stop(), two.stop()])
    })
  })
}

type Store = ReturnType<typeof postgresAccessStore>
