import { noteFacts } from '@waybill/trail'
import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

function note(...calls: readonly unknown[]): { facts: Record<string, string>; errors: string[] } {
  const facts: Record<string, string> = {}
  const errors: string[] = []
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  for (const noted of calls) noteFacts(facts, noted, (error) => errors.push(String(error)))
  return { facts, errors }
}

describe('what is noted', () => {
  test('is kept under names that are keys elsewhere, too', () => {
    const names = ['order', '2fa', '_id', 'a.b-c', '-', 'constructor', 'toString', 'hasOwnProperty', 'x'.repeat(40)]
    const facts = Object.fromEntries(names.map((name) => [name, `${name} it is`]))
    expect(note(facts)).toEqual({ facts, errors: [] })
  })

  test('is kept as text where it is a number or a truth value', () => {
    const facts = { count: 3, price: -0.5, id: 9_007_199_254_740_993n, paid: false, none: Number.NaN }
    expect(note(facts).facts).toEqual({ count: '3', price: '-0.5', id: '9007199254740993', paid: 'false', none: 'NaN' })
  })

  test('is passed over where it says nothing, and takes nothing away', () => {
    const nothing = { order: undefined, coupon: null, name: '', note: ' \u200e\n' }
    expect(note({ order: 'A-1001' }, nothing, null, undefined)).toEqual({ facts: { order: 'A-1001' }, errors: [] })
  })

  test('is one line that reads as it is kept', () => {
    expect(note({ order: ' A-1\u202e001\r\n=1+1 ' }).facts).toEqual({ order: 'A-1001  =1+1' })
  })

  test.each([
    ['name', { 'order no': 'x' }, 'order?no'],
    ['name', { größe: 'x' }, 'gr??e'],
    ['name', { 'order\u200b': 'x' }, 'order?'],
    ['name', { '': 'x' }, ''],
    ['name', { ['a'.repeat(41)]: 'x' }, 'a'.repeat(40)],
    ['name', JSON.parse('{"__proto__":"x"}'), '__proto__'],
    ['name', 'A-1001', ''],
    ['type', { order: { id: 'secret' } }, 'order'],
    ['type', { order: ['secret'] }, 'order'],
    ['type', { at: new Date() }, 'at'],
    ['type', { order: () => 'secret' }, 'order'],
    ['length', { order: 'secret'.padEnd(201) }, 'order'],
  ])('is left out whole for its %s, by name and without its value', (why, noted, shown) => {
    const errors = [`TypeError: [waybill] A fact was left out for its ${why}: ${shown}`]
    expect(note(noted)).toEqual({ facts: {}, errors })
  })

  test('is left out for its number from the 21st on, while what is there can be said anew', () => {
    const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`fact${i}`, 'x']))
    const { facts, errors } = note(twenty, { one: 'more', fact7: 'new' })
    expect(facts).toEqual({ ...twenty, fact7: 'new' })
    expect(errors).toEqual(['TypeError: [waybill] A fact was left out for its number: one'])
  })

  test('reaches no prototype', () => {
    note(JSON.parse('{"__proto__":{"leak":"x"},"constructor":"x"}'))
    expect(Object(1).leak).toBeUndefined()
  })
})

describe('on the console', () => {
  const breakRule = (name: string): void => noteFacts({}, { [name]: 'secret' }, () => {})

  test('it is said once in development, with what a name may be', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (let i = 0; i < 3; i++) breakRule('said twice')
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(/^\[waybill\] .* its name: said\?twice\. .* 1 to 40 of A-Z a-z 0-9 _ \. -/)],
    ])
    expect(JSON.stringify(said.mock.calls)).not.toContain('secret')
  })

  test('nothing is said in production, nor without an end', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.stubEnv('NODE_ENV', 'production')
    breakRule('in production')
    expect(said).not.toHaveBeenCalled()
    vi.stubEnv('NODE_ENV', 'development')
    for (let i = 0; i < 1000; i++) breakRule(`no ${i}`)
    expect(said.mock.calls.length).toBeLessThanOrEqual(100)
  })
})
