import {
  bodyOf,
  checkSymbol,
  mintReference,
  mintSpanId,
  parseReference,
  referenceOfTraceId,
  traceIdOf,
} from '@waybill/reference'
import type { ReferenceLength } from '@waybill/reference'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { seededRandom } from '../fixtures/seededRandom.ts'
import { ALPHABET } from './alphabet.ts'
import { isBody } from './checkSymbol.ts'

const LENGTHS: readonly ReferenceLength[] = [8, 9, 10, 12]
const MANY = 100_000
const namespace = 'acme-shop/prod'

afterEach(() => vi.restoreAllMocks())

describe.each(LENGTHS)('the trace-ids of 100 000 references of length %i', (length) => {
  const random = seededRandom(length)
  const references = Array.from({ length: MANY }, () => mintReference({ length, random: random.bytes }))
  const ids = references.map((reference) => traceIdOf(reference, { namespace }))

  test('come back whole, by their low half, and with their zeros trimmed', () => {
    const failures: string[] = []
    for (const [i, id] of ids.entries()) {
      const low = id.slice(16)
      const forms = [
        id,
        low,
        ...[id, low].filter((form) => form.startsWith('0')).map((form) => form.replace(/^0+/, '')),
      ]
      for (const form of forms) {
        const decoded = referenceOfTraceId(form, { namespace })
        const level = form.length > 16 ? 'full' : 'low64'
        if (decoded?.reference !== references[i] || decoded?.level !== level) failures.push(form)
      }
    }
    expect(failures).toEqual([])
  })

  test.each([
    ['word 0', 0, 8],
    ['word 1', 8, 16],
    ['word 2', 16, 24],
    ['word 3', 24, 32],
    ['the low 56 bits', 18, 32],
  ])('are flat in %s', (_, from, to) => {
    // The upper 12 bits are what samplers compare, the lower 12 what hash tables take.
    for (const at of [from, to - 3]) {
      const bins = new Uint32Array(4096)
      for (const id of ids) bins[Number.parseInt(id.slice(at, at + 3), 16)]! += 1
      const expected = MANY / bins.length
      const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
      const z = (chiSquare - (bins.length - 1)) / Math.sqrt(2 * (bins.length - 1))
      expect(Math.abs(z), `bits from ${at * 4}: z = ${z.toFixed(2)}`).toBeLessThan(4)
    }
  })
})

describe('the check symbol', () => {
  test.each(LENGTHS)('of 200 bodies of length %i catches every substitution and every swap', (length) => {
    const random = seededRandom(2000 + length)
    let [tried, missed] = [0, 0]
    const refuse = (symbols: readonly string[]): void => {
      tried += 1
      if (isBody(symbols.join('')) || parseReference(symbols.join('')).ok) missed += 1
    }
    for (let i = 0; i < 200; i++) {
      const body = [...bodyOf(mintReference({ length, random: random.bytes }))]
      for (const [at, right] of body.entries()) {
        for (const wrong of ALPHABET) if (wrong !== right) refuse(body.with(at, wrong))
        for (let other = at + 1; other < length; other++) {
          if (body[other] !== right) refuse(body.with(at, body[other]!).with(other, right))
        }
      }
    }
    expect(missed).toBe(0)
    expect(tried).toBeGreaterThan(200 * length * 22)
  })
})

describe('minting', () => {
  const RUDE = /F[4CV]C?K|C[V4]?NT|N[3V]?66|KKK|XXX|WTF|R4P|RP3|N42|5HT/

  test.each(LENGTHS)('gives references of length %i a digit, a letter and no rude form', (length) => {
    const random = seededRandom(3000 + length)
    for (let i = 0; i < MANY; i++) {
      const body = bodyOf(mintReference({ length, random: random.bytes }))
      if (!/\d/.test(body) || !/\D/.test(body) || RUDE.test(body) || !isBody(body)) expect.fail(`${body} was minted`)
    }
  })

  test('draws again for each form of the list', () => {
    for (const form of 'F4K FVK FCK FVCK F4CK CNT C4NT CVNT N66 N366 NV66 KKK XXX WTF R4P RP3 N42 5HT'.split(' ')) {
      const data = form.padEnd(8, '7C')
      const draws = [data, 'RF7K29QX'].map((draw) => [...draw].toReversed().map((symbol) => ALPHABET.indexOf(symbol)))
      const random = (size: number): Uint8Array<ArrayBuffer> => {
        const own = draws.shift() ?? []
        return Uint8Array.from({ length: size }, (_, i) => own[i - (size - 8)] ?? 0)
      }
      expect(RUDE.test(data + checkSymbol(data))).toBe(true)
      expect(mintReference({ random }), form).toBe('RF7-K29-QXR')
    }
  })

  test('never asks Math.random', () => {
    const spy = vi.spyOn(Math, 'random')
    for (const length of LENGTHS) mintReference({ length })
    mintSpanId()
    expect(spy).not.toHaveBeenCalled()
  })
})
