import { expect, test } from 'vitest'
import { seededRandom } from '../../../browser/fixtures/seededRandom.ts'
import { pickJson } from './pickJson.ts'

const PATHS = new Set(['id', 'usage.tokens', 'choices.*.reason', 'deep.er.value'])

function randomJson(random: () => number, depth = 0): unknown {
  const one = <T>(...all: readonly T[]): T => all[Math.floor(random() * all.length)]!
  const many = <T>(make: () => T): T[] => Array.from({ length: Math.floor(random() * 4) }, make)
  const scalar = (): unknown =>
    one<unknown>('plain', '', 'a "quoted" \\ one', 'end\\', '}]{[', 'ü\n\u2028', -1.5e-7, 0, 12, true, false, null)
  if (depth > 4 || random() < 0.3) return scalar()
  if (random() < 0.4) return many(() => randomJson(random, depth + 1))
  const name = (): string =>
    one('id', 'usage', 'tokens', 'choices', 'reason', 'deep', 'er', 'value', 'a"b', '', 'x.y', '*', '__proto__')
  return Object.fromEntries(many(() => [name(), randomJson(random, depth + 1)]))
}

/** What is found there by a parser that has the whole. */
function found(value: unknown, path = ''): [string, unknown][] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => {
      const step = Array.isArray(value) ? '*' : /[.*]|^$/.test(name) ? '?' : name
      return found(inner, path === '' ? step : `${path}.${step}`)
    })
  }
  const isLookedFor = typeof value === 'number' || (typeof value === 'string' && !/[\\"\n]/.test(value))
  return PATHS.has(path) && isLookedFor ? [[path, value]] : []
}

function pick(text: string, cuts: readonly number[]): { picked: [string, unknown][]; how: string } {
  const picked: [string, unknown][] = []
  const picker = pickJson(PATHS, (path, value) => picked.push([path, value]))
  for (const [i, cut] of [0, ...cuts].entries()) picker.push(text.slice(cut, cuts[i] ?? text.length))
  return { picked, how: picker.end() }
}

test('picks what a parser of the whole finds, wherever the text is cut', () => {
  const random = seededRandom(7)
  for (let i = 0; i < 2000; i++) {
    const value = randomJson(random)
    const text = JSON.stringify(value, null, i % 3)
    const cuts = Array.from({ length: i % 5 }, () => Math.floor(random() * text.length)).toSorted((a, b) => a - b)
    expect(pick(text, cuts), text).toEqual({ picked: found(JSON.parse(text)), how: 'whole' })
  }
})

test('says of the beginning of a text that it is cut, and of what is no JSON that it is malformed', () => {
  const text = JSON.stringify({ id: 'x', choices: [{ reason: 'stop' }], usage: { tokens: 3 } })
  for (let end = 0; end < text.length; end++) expect(pick(text.slice(0, end), []).how, text.slice(0, end)).toBe('cut')
  for (const junk of ['{]', '{"id" 1}', '{"id":1,}', '[1 2]', 'nope', '{"id":x1}', '{} {}', '<h1>', '}', '{"id":1}]']) {
    expect(pick(junk, []).how, junk).toBe('malformed')
  }
})

test('takes no long text for a value, and keeps of a text only what it may look for', () => {
  const picked: unknown[] = []
  const picker = pickJson(PATHS, (path, value) => picked.push([path, value]))
  let most = 0
  picker.push('{"id":"')
  for (let i = 0; i < 1000; i++) {
    picker.push('x'.repeat(1000))
    most = Math.max(most, picker.heldLength)
  }
  picker.push('","choices":[')
  picker.push('['.repeat(100_000))
  picker.push(']'.repeat(100_000))
  picker.push('],"usage":{"tokens":7}}')
  expect([picked, picker.end()]).toEqual([[['usage.tokens', 7]], 'whole'])
  expect(Math.max(most, picker.heldLength)).toBeLessThan(300)
})
