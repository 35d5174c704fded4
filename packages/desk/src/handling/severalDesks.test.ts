import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NotedHandling } from '@waybill/desk'
import { afterAll, describe, expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startClickHouse } from '../../fixtures/startClickHouse.ts'
import { startPostgres } from '../../fixtures/startPostgres.ts'

const postgres = await startPostgres()
const clickHouse = await startClickHouse()
const folder = mkdtempSync(join(tmpdir(), 'waybill-several-'))
afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]()
  await clickHouse?.stop()
  rmSync(folder, { recursive: true })
})

type Desk = ReturnType<typeof openDesk>

/** What thirty who take one trail up at the same instant are told, each at the next of these desks. */
async function race(desks: readonly Desk[]) {
  const [desk] = desks
  const { servers, reference } = refundTrail()
  expect((await desk!.sendAsServer(servers)).status).toBe(200)
  const { value } = await desk!.tokens.create({ name: 'ada', scopes: ['read', 'link'] })
  // Of a token that was never seen from an address no more than twenty are looked at together.
  for (const each of desks) await each.request('/api/trails/x', { headers: { authorization: `Bearer ${value}` } })
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      desks[index % desks.length]!.request(`/api/trails/${reference}/handling`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${value}` },
        body: JSON.stringify({ state: 'taken', by: `agent ${index}`, after: null }),
      }),
    ),
  )
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { handling: NotedHandling }[]
  const seen = await Promise.all(desks.map(async (each) => (await each.lookUp(reference)).matches[0]?.handling))
  const won = bodies.filter((_, index) => answers[index]!.status === 200)
  expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
  return { won: won.map(({ handling }) => handling), told: bodies.map(({ handling }) => handling), seen }
}

describe.skipIf(!postgres)('on PostgreSQL', () => {
  test('of many at the same instant exactly one is first, and two desks name the same', async () => {
    const { address: database } = await postgres!.makeDatabase()
    const options = { database, hashSecret: randomBytes(32).toString('base64') }
    await using one = openDesk(options)
    await using two = openDesk(options)
    const { won, told, seen } = await race([one, two])
    expect(won).toHaveLength(1)
    for (const each of [...told, ...seen]) expect(each).toMatchObject(won[0]!)
  })
})

describe.runIf(clickHouse)('on ClickHouse', () => {
  const optionsOf = async () => ({
    database: (await clickHouse!.makeDatabase()).address,
    hashSecret: randomBytes(32).toString('base64'),
    accessDatabase: join(folder, `${randomBytes(4).toString('hex')}.access`),
  })

  test('of many at the same instant exactly one is first at one desk', async () => {
    await using desk = openDesk(await optionsOf())
    const { won, told, seen } = await race([desk])
    expect(won).toHaveLength(1)
    for (const each of [...told, ...seen]) expect(each).toMatchObject(won[0]!)
  })

  test('two desks name the same afterwards, of whom they may both have said yes to one', async () => {
    const options = await optionsOf()
    await using one = openDesk(options)
    await using two = openDesk(options)
    const { won, seen } = await race([one, two])
    expect(won.length).toBeLessThanOrEqual(2)
    expect(seen[0]).toMatchObject(won.find(({ id }) => id === seen[0]?.id)!)
    expect(seen[1]).toEqual(seen[0])
  })
})
