import { expect, test } from 'vitest'
import { slipIn } from './slipIn.ts'

const reference = 'RF7-K29-QXR'

test.each([
  ['RF7-K29-QXC', { kind: 'symbol', at: 8, code: 'R', typed: 'C' }],
  ['the code is rf7k29qxc thanks', { kind: 'symbol', at: 8, code: 'R', typed: 'C' }],
  ['it says XF7 K29 QXR', { kind: 'symbol', at: 0, code: 'R', typed: 'X' }],
  ['RF7-2K9-QXR', { kind: 'swap', at: 3, code: 'K2', typed: '2K' }],
  ['RF7-K29-QX', { kind: 'missing', at: 8, code: 'R', typed: '' }],
  ['RF7-K29-QX thanks', { kind: 'missing', at: 8, code: 'R', typed: '' }],
  ['RF7-29-QXR', { kind: 'missing', at: 3, code: 'K', typed: '' }],
  ['RF7-KK29-QXR', { kind: 'extra', at: 4, code: '', typed: 'K' }],
  ['RF7-K29-QXRR', { kind: 'extra', at: 9, code: '', typed: 'R' }],
] as const)('%s differs by one slip', (text, slip) => {
  expect(slipIn(reference, text)).toEqual(slip)
})

test.each(['', 'nothing like it', 'RF7-K29-ABC', 'RF7-K29-QXR'])('%s does not', (text) => {
  expect(slipIn(reference, text)).toBeNull()
})
