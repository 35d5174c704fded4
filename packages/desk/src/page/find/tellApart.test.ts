import { mintReference } from '@waybill/reference'
import { expect, test } from 'vitest'
import { openDesk } from '../../../fixtures/openDesk.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import { tellApart } from './tellApart.ts'

async function matchesOf(orders: readonly string[]) {
  await using desk = openDesk()
  for (const [index, order] of orders.entries()) {
    const trail = refundTrail({ reference: mintReference(), order, begunAt: Date.now() - (index + 1) * 60_000 })
    await desk.sendAsServer(index === 0 ? trail.servers.slice(0, 2) : trail.servers)
  }
  return (await desk.lookUp('C-2041')).matches
}

test('what is the same in all is told once, and what only some have is each one’s own', async () => {
  const [short, long] = await matchesOf(['A-1', 'A-1'])
  const { action, values, ownOf } = tellApart([short!, long!])
  expect(action).toBe('POST /api/orders/:id/refund')
  expect(values).toEqual([['order', 'A-1']])
  expect(ownOf(short!.reference)).toEqual({ values: [], services: [] })
  expect(ownOf(long!.reference)).toEqual({ values: [], services: ['refund-worker'] })
})

test('a value in which they differ, or which one lacks, is each one’s own', async () => {
  const [one, two] = await matchesOf(['A-1', 'A-2'])
  const apart = tellApart([one!, { ...two!, action: 'Cancel order' }])
  expect(apart.action).toBeNull()
  expect(apart.values).toEqual([])
  expect(apart.ownOf(two!.reference).values).toEqual([['order', 'A-2']])
  expect(tellApart([one!, { ...two!, facts: {} }]).ownOf(one!.reference).values).toEqual([['order', 'A-1']])
})

test('of a single one everything is its own', async () => {
  const [only] = await matchesOf(['A-1'])
  const { action, values, ownOf } = tellApart([only!])
  expect([action, values]).toEqual([null, []])
  expect(ownOf(only!.reference).values).toEqual([['order', 'A-1']])
})

test('values that were noted for one kind are told together, and apart from those of another trail', async () => {
  const [one, two] = await matchesOf(['A-1', 'A-1'])
  const note = { kind: 'ticket', url: null, state: null, service: 'zendesk', at: one!.startedAt }
  const noted = ['T-1', 'T-2'].map((value) => ({ ...note, value }))
  const apart = tellApart([{ ...one!, noted }, two!])
  expect(apart.ownOf(one!.reference).values).toEqual([['ticket', 'T-1, T-2']])
})
