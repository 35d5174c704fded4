import { randomBytes } from 'node:crypto'
import type { Handling } from '@waybill/desk'
import { afterAll, describe, expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startPostgres } from '../../fixtures/startPostgres.ts'

const server = await startPostgres()
afterAll(() => server?.[Symbol.asyncDispose]())

describe.skipIf(!server)('several desks on one PostgreSQL', () => {
  test('of many at the same instant exactly one is first, and every desk names the same', async () => {
    const { address: database } = await server!.makeDatabase()
    const options = { database, hashSecret: randomBytes(32).toString('base64') }
    await using one = openDesk(options)
    await using two = openDesk(options)
    const { servers, reference } = refundTrail()
    await one.sendAsServer(servers)
    const { value } = await one.tokens.create({ name: 'ada', scopes: ['read', 'link'] })
    const handle = (desk: typeof one, by: string): Promise<Response> =>
      desk.request(`/api/trails/${reference}/handling`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${value}` },
        body: JSON.stringify({ state: 'taken', by, after: null }),
      })
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => handle(index % 2 ? one : two, `agent ${index}`)),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array.from({ length: 29 }, () => 409)])
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { handling: Handling }[]
    const first = bodies[answers.findIndex(({ status }) => status === 200)]!.handling
    for (const { handling } of bodies) expect(handling).toEqual(first)
    for (const desk of [one, two]) expect((await desk.lookUp(reference)).matches[0]?.handling).toEqual(first)
  })
})
