import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { createLog } from './createLog.ts'
import type { LogOptions } from './createLog.ts'

function logged(options: Omit<LogOptions, 'write'>) {
  const lines: string[] = []
  return { lines, log: createLog({ ...options, write: (line) => lines.push(line) }) }
}

function thrownBy(deed: () => unknown): unknown {
  try {
    deed()
  } catch (error) {
    return error
  }
  return undefined
}

const at = '2026-01-02T10:14:03.000Z'
const lookUp = {
  event: 'look-up',
  at,
  who: 'ann',
  via: 'token',
  address: '10.0.0.7',
  kind: 'person',
  matches: 2,
} as const

test('writes an object a line, with its time and what was done', () => {
  const { lines, log } = logged({ format: 'json' })
  log.access(lookUp)
  expect(lines[0]?.endsWith('\n')).toBe(true)
  const { time, ...rest } = JSON.parse(lines[0]!)
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  const { at: _at, ...entry } = lookUp
  expect(rest).toEqual({ level: 'info', msg: 'access', ...entry })
})

test('writes a line a thing for people, without anything that a terminal obeys', () => {
  const { lines, log } = logged({ format: 'text' })
  log.access({ ...lookUp, who: 'ann\u001B[2J\nforged' })
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info  access event=look-up who=ann/)
  // oxlint-disable-next-line no-control-regex
  expect(lines[0]!.slice(0, -1)).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/)
})

test('leaves out what is less grave than asked for', () => {
  const { lines, log } = logged({ format: 'json', level: 'error' })
  log.access(lookUp)
  log.warn('[waybill] Nearly full.')
  log.error(new Error('x'))
  expect(lines).toHaveLength(1)
})

test('names a fault and where it arose, and never quotes what somebody sent', () => {
  const { lines, log } = logged({ format: 'json' })
  log.error(thrownBy(() => JSON.parse('{"card": 4111111111111111 secret}')))
  log.error(new TypeError('bad\n    at secret (place)', { cause: new Error('the secret again') }))
  log.error('secret')
  expect(lines.join('')).not.toMatch(/secret|41111/)
  const { level, err } = JSON.parse(lines[0]!)
  expect([level, err.type, err.stack[1]]).toEqual([
    'error',
    'SyntaxError',
    expect.stringContaining('createLog.test.ts'),
  ])
})

test('keeps messages of the desk, of SQLite and of the system, which say what to mend', () => {
  const { lines, log } = logged({ format: 'json' })
  log.error(new Error('[waybill] The disk is full.'))
  log.error(thrownBy(() => new DatabaseSync(':memory:').exec('SELECT * FROM nowhere')))
  log.error(thrownBy(() => readFileSync('/nowhere/at/all')))
  expect(lines.map((line) => JSON.parse(line).err.message)).toEqual([
    '[waybill] The disk is full.',
    'no such table: nowhere',
    expect.stringContaining('ENOENT'),
  ])
})

test('does not call it a fault that a client went away', () => {
  const { lines, log } = logged({ format: 'json' })
  log.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
  log.error(new DOMException('gone', 'AbortError'))
  expect(lines).toEqual([])
})
