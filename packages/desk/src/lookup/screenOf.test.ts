import { ATTRIBUTES } from '@waybill/trail'
import { expect, test } from 'vitest'
import { trailOf } from '../../../trail/fixtures/trailOf.ts'
import { openDesk } from '../../fixtures/openDesk.ts'

const saying = (text: string, timeZone = 'Europe/Berlin') => ({
  attributes: { [ATTRIBUTES.screen]: text, [ATTRIBUTES.timeZone]: timeZone },
})

test('says what the customer’s screen said last and in which zone they are', async () => {
  await using desk = openDesk()
  const { reference, round, call } = trailOf()
  const first = round({ ...saying('Not paid.'), action: 'failed', fails: '503', durationMs: 200 })
  const second = round({ ...saying('Paid.'), parentId: first.id, after: 5000, durationMs: 300 })
  const [claim, served] = call(second, { after: 5010 })
  await desk.sendAsBrowser([first, second, claim])
  await desk.sendAsServer([served])
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.screen).toEqual({ text: 'Paid.', at: new Date(second.at + 300).toISOString() })
  expect(match?.timeZone).toBe('Europe/Berlin')
})

test('says nothing where nothing was told, and no zone that there is not', async () => {
  await using desk = openDesk()
  const silent = trailOf()
  const odd = trailOf()
  for (const [t, fields] of [
    [silent, {}],
    [odd, saying('', 'Middle-earth/Shire')],
  ] as const) {
    const begun = t.round(fields)
    const [claim, served] = t.call(begun, {})
    await desk.sendAsBrowser([begun, claim])
    await desk.sendAsServer([served])
  }
  for (const { reference } of [silent, odd]) {
    const [match] = (await desk.lookUp(reference)).matches
    expect([match?.screen, match?.timeZone]).toEqual([null, null])
  }
})

test('what may be somebody’s own is taken out as the desk takes it in', async () => {
  await using desk = openDesk()
  const { reference, round, call } = trailOf()
  const text = 'Dear "Annika", annika@example.com: card 4242 4242 4242 4242 was refused.'.padEnd(500, ' more')
  const begun = round(saying(text))
  const [claim, served] = call(begun, {})
  await desk.sendAsBrowser([begun, claim])
  await desk.sendAsServer([served])
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.screen?.text).toMatch(/^Dear …, … card … was refused\./)
  expect(match?.screen?.text.length).toBeLessThanOrEqual(200)
})

test('where browsers alone told of it nobody knows whose screen it was', async () => {
  await using desk = openDesk()
  const { reference, round } = trailOf()
  await desk.sendAsBrowser([round(saying('Paid. Thank you!'))])
  const [match] = (await desk.lookUp(reference)).matches
  expect([match?.screen, match?.timeZone]).toEqual([null, null])
})

test('a stranger’s word is not what the customer’s screen said, nor is a server’s', async () => {
  await using desk = openDesk()
  const { reference, round, call } = trailOf()
  const begun = round()
  const [claim, served] = call(begun, { ...saying('A server.', 'Asia/Tokyo') })
  const forged = round({ ...saying('Call 0190 for your money.', 'Asia/Tokyo'), session: 's-x', after: 9000 })
  await desk.sendAsBrowser([begun, claim, forged])
  await desk.sendAsServer([served])
  const [match] = (await desk.lookUp(reference)).matches
  expect([match?.screen, match?.timeZone]).toEqual([null, null])
})
