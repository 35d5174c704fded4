import { mintReference, parseReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import type { AccessLogLine } from '@waybill/desk'

const reference = 'RF7-K29-QXR' as Reference

test.each([
  ['with a wrong symbol', 'RF7-K29-QXC'],
  ['with two symbols swapped', 'FR7-K29-QXR'],
  ['with one symbol too many', 'RF7-K29-QXXR'],
  ['with one symbol too few', 'RF7-K29-QX'],
  ['misheard in a message', 'Hello, it says RF7-K29-QXXR, please help'],
  ['misheard on the telephone', 'romeo foxtrot seven kilo two two niner quebec x-ray romeo'],
])('a code %s suggests the trail that exists, and opens none', async (_, text) => {
  await using desk = openDesk()
  await desk.sendAsServer([...refundTrail({ reference }).servers, ...refundTrail().servers])
  const { matches, suggestions } = await desk.search(text)
  expect(matches).toEqual([])
  expect(suggestions).toMatchObject([
    { reference, action: 'POST /api/orders/:id/refund', outcome: { state: 'failed' }, facts: { order: 'A-1001' } },
  ])
  expect(suggestions[0]).not.toHaveProperty('steps')
})

test('the likeliest comes first', async () => {
  await using desk = openDesk()
  const [swapped, mistyped] = [reference, near('FR7-K29-QXR')]
  await desk.sendAsServer([
    ...refundTrail({ reference: mistyped }).servers,
    ...refundTrail({ reference: swapped }).servers,
  ])
  const { suggestions } = await desk.search('FR7-K29-QXR')
  expect(suggestions.map((each) => each.reference)).toEqual([swapped, mistyped])
})

test('nothing is suggested beside a match, to a program, or for a code that fits', async () => {
  await using desk = openDesk()
  await desk.sendAsServer(refundTrail({ reference }).servers)
  expect(await desk.search('RF7-K29-QXC, order A-1001')).toMatchObject({ matches: { length: 1 }, suggestions: [] })
  expect(await desk.lookUp('RF7-K29-QXC')).toMatchObject({ matches: [], suggestions: [] })
  expect(await desk.search(mintReference())).toMatchObject({ matches: [], suggestions: [] })
})

test('suggestions are logged like a look-up, and never with what was typed or suggested', async () => {
  const entries: AccessLogLine[] = []
  await using desk = openDesk({ log: (entry) => entries.push(entry) })
  await desk.sendAsServer(refundTrail({ reference }).servers)
  await desk.search('RF7-K29-QXC')
  expect(entries).toMatchObject([{ event: 'look-up', kind: 'suggestion', matches: 1 }])
  expect(JSON.stringify(entries)).not.toMatch(/RF7|QX/)
})

test('guessing codes is slowed down like any look-up', async () => {
  await using desk = openDesk({ limits: { lookUpsPerMinute: 2 } })
  const answers = []
  for (let count = 0; count < 3; count++) answers.push(await desk.search('RF7-K29-QXC'))
  expect(answers[1]).toMatchObject({ suggestions: [] })
  expect(answers[2]).toMatchObject({ status: 429 })
})

/** A reference that differs from the text in its last symbol alone. */
function near(text: string): Reference {
  for (const symbol of '23456789ABCDEFGHJKLMNPQRSTVWXYZ') {
    const parsed = parseReference(text.slice(0, -1) + symbol)
    if (parsed.ok) return parsed.reference
  }
  throw new Error('No symbol fits.')
}
