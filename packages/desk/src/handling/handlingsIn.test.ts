import { randomBytes } from 'node:crypto'
import { mintReference } from '@waybill/reference'
import { ATTRIBUTES } from '@waybill/trail'
import { expect, test } from 'vitest'
import { stepOf } from '../../fixtures/stepOf.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import { handlingsIn } from './handlingsIn.ts'
import { handlingStep } from './handlingStep.ts'

const secret = randomBytes(32)
const reference = mintReference()

function said(state: 'taken' | 'done' | 'open', by: string, after: StoredStep | null): StoredStep {
  const options = { after: after?.id ?? null, secret, identity: {}, now: 1_790_000_000_000 }
  return handlingStep(reference, { state, by, who: by, note: null }, options)
}

const ada = said('taken', 'Ada', null)
const grace = said('taken', 'Grace', null)
const again = said('taken', 'Ada', null)
const done = said('done', 'Ada', ada)
const late = said('done', 'Grace', grace)

test.each([
  ['nobody', [], []],
  ['the first to arrive', [ada, grace], [ada]],
  ['the first to arrive, whoever it is', [grace, ada], [grace]],
  ['one of two that say the same at the same moment', [ada, again], [ada]],
  ['what follows the first', [ada, grace, done], [ada, done]],
  ['nothing that follows one that lost', [ada, grace, late], [ada]],
  ['one only of what follows the same', [ada, done, said('open', 'Ada', ada)], [ada, done]],
  ['nothing whose beginning is gone', [done], []],
] as const)('in force is %s', (_, steps, inForce) => {
  const all = [stepOf({ reference }), ...steps, stepOf({ reference })]
  expect(handlingsIn(all, { secret })).toEqual(inForce)
})

test.each([
  ['state', { attributes: { ...ada.attributes, [ATTRIBUTES.handling]: 'done' } }],
  ['name', { attributes: { ...ada.attributes, [ATTRIBUTES.handledBy]: 'Grace' } }],
  ['identity', { attributes: { ...ada.attributes, [ATTRIBUTES.handledWho]: 'Grace' } }],
  ['note', { attributes: { ...ada.attributes, [ATTRIBUTES.handlingNote]: 'refunded' } }],
  ['time', { at: ada.at + 1 }],
  ['trail', { reference: mintReference() }],
])('another %s is not what the desk wrote', (_, change) => {
  expect(handlingsIn([{ ...ada, ...change }], { secret })).toEqual([])
})

test('what a desk over another store wrote, and what a browser says, is none', () => {
  expect(handlingsIn([ada], { secret: randomBytes(32) })).toEqual([])
  expect(handlingsIn([{ ...ada, claimed: true }], { secret })).toEqual([])
})
