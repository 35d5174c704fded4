import { expect, test } from 'vitest'
import type { CarryRecord } from './carryModule.ts'
import { describeBuild, describeUnmet } from './describeBuild.ts'

const record = (parts: Partial<CarryRecord>): CarryRecord => ({
  carried: 0,
  leftAlone: [],
  fault: undefined,
  isLowered: false,
  ...parts,
})
const say = (records: Readonly<Record<string, CarryRecord>>): string =>
  describeBuild(new Map(Object.entries(records)), '/app')

test('counts functions and files, those of packages by name', () => {
  const line = say({
    '/app/src/b.vue?vue&type=script': record({ carried: 2 }),
    '/app/src/b.vue': record({ carried: 1 }),
    '/app/node_modules/ky/index.js': record({ carried: 4 }),
    '/app/node_modules/@tanstack/query-core/a.js': record({ carried: 5 }),
  })
  expect(line).toBe(
    '[waybill] carry: 12 functions in 3 files carry (5 of @tanstack/query-core, 4 of ky); none left alone',
  )
  expect(say({ '/app/a.ts': record({ carried: 1 }) })).toBe(
    '[waybill] carry: 1 function in 1 file carries; none left alone',
  )
  expect(say({})).toBe('[waybill] carry: no function carries, as none that awaits was met; none left alone')
})

test('says why some are left alone, the most frequent first, and where, in the order of files', () => {
  const left = (line: number, name?: string) => ({ reason: 'await using' as const, name, line })
  const line = say({
    '/app/src/b.ts': record({
      carried: 3,
      leftAlone: [{ reason: 'eval', name: 'run', line: 7 }, left(9, 'load'), left(12)],
    }),
    '/app/src/a.ts': record({ leftAlone: [left(1, 'first')] }),
  })
  expect(line.split('\n')).toEqual([
    '[waybill] carry: 3 functions in 1 file carry; 4 left alone: await using (3), eval (1)',
    '  src/a.ts:1 first: await using',
    '  src/b.ts:7 run: eval',
    '  src/b.ts:9 load: await using',
    '  src/b.ts:12 await using',
  ])
})

test('names five places at most', () => {
  const leftAlone = Array.from({ length: 8 }, (_, line) => ({
    reason: 'with' as const,
    name: undefined,
    line: line + 1,
  }))
  const lines = say({ '/app/a.ts': record({ leftAlone }) }).split('\n')
  expect(lines).toHaveLength(7)
  expect(lines.at(-1)).toBe('  and 3 more')
})

test('says what could not be read, and what was compiled away before', () => {
  const lines = say({
    '/app/a.ts': record({ fault: 'Unexpected token\nin line 3' }),
    '/app/b.ts': record({ isLowered: true }),
  }).split('\n')
  expect(lines).toEqual([
    '[waybill] carry: no function carries, as none that awaits was met; none left alone; 1 file could not be read; 1 file came with async functions compiled away before, by a target older than ES2017',
    '  a.ts: Unexpected token',
    '  b.ts: compiled away',
  ])
})

test('names packages of which nothing was met', () => {
  expect(describeUnmet(['ky', 'kyy', 'axioss'], new Set(['ky', 'react']))).toBe(
    `[waybill] carry: include names 'kyy' and 'axioss', of which this build has no function to carry. Check the name, or take it out.`,
  )
  expect(describeUnmet(['ky'], new Set(['ky']))).toBeUndefined()
})
