import { transformSync as byEsbuild } from 'esbuild'
import { transformSync as byOxc } from 'rolldown/utils'
import { expect, test } from 'vitest'
import { carryModule } from './carryModule.ts'
import { languagesOf, languagesOfType } from './languagesOf.ts'

const languages = ['js', 'jsx']

test('a module is carried, with a map to what was given and a record', () => {
  const code = 'export async function load() {\n  await 1\n}\n'
  const carried = carryModule(code, { id: '/app/a.js?v=1', languages })
  expect(carried?.source?.code).toContain('from"@waybill/carry/runtime"')
  expect(carried?.source?.map).toMatchObject({ version: 3, sources: ['/app/a.js'], sourcesContent: [code] })
  expect(carried?.record).toEqual({ carried: 1, leftAlone: [], fault: undefined, isLowered: false })
})

test.each([
  ['has no async function', 'export const load = () => 1'],
  ['has none that waits', 'export const load = async () => 1'],
  ['only says so', 'export const text = "async"'],
])('there is nothing to say of a module that %s', (_, code) => {
  expect(carryModule(code, { id: '/app/a.js', languages })).toBeUndefined()
})

test.each([['@waybill/carry/runtime'], ['../node_modules/@waybill/carry/dist/runtime.js']])(
  'what is carried already, from %s, is not carried twice',
  (runtime) => {
    const once = carryModule('async () => { await 1; await 2 }', { id: '/app/a.js', languages, runtime })
    expect(once?.source?.code).toContain(runtime)
    expect(carryModule(once?.source?.code ?? '', { id: '/app/a.js', languages })).toBeUndefined()
  },
)

test('a source that cannot be read stays, and it is said why', () => {
  const carried = carryModule('async function {', { id: '/app/a.js', languages })
  expect(carried?.source).toBeUndefined()
  expect(carried?.record.fault).toMatch(/cannot be parsed/)
})

test('a module of which all are left alone stays as it is', () => {
  const carried = carryModule('export async function odd(code) { await eval(code) }', { id: '/app/a.js', languages })
  expect(carried?.source).toBeUndefined()
  expect(carried?.record).toMatchObject({ carried: 0, leftAlone: [{ reason: 'eval', name: 'odd', line: 1 }] })
})

const LATER = 'export async function load() { await 1; await 2 }'
test.each([
  ['Oxc', byOxc('a.js', LATER, { target: 'es2016' }).code],
  ['esbuild', byEsbuild(LATER, { target: 'es2016' }).code],
  ['Babel', 'function _asyncToGenerator(n) { return function () {} }'],
  ['SWC', 'import { _ as _async_to_generator } from "@swc/helpers/_/_async_to_generator";'],
  ['TypeScript', 'var __awaiter = (this && this.__awaiter) || function (thisArg) {}'],
])('async functions that %s compiled away are told of', (_, code) => {
  expect(carryModule(code, { id: '/app/a.js', languages })?.record).toMatchObject({ carried: 0, isLowered: true })
})

test('types are read as types where the text is as it was written', () => {
  const code = 'export const load = async (get) => { await get<User>(url); await 2 }'
  const carry = (id: string, state: 'original' | 'compiled') =>
    carryModule(code, { id, languages: languagesOf(id, state) })?.source?.code
  expect(carry('/app/a.ts', 'original')).toContain('get<User>(url))')
  // In JavaScript it compares.
  expect(carry('/app/a.ts', 'compiled')).toContain('get))<User>(url)')
})

test.each([
  ['/app/a.ts', 'original', ['ts', 'js', 'jsx']],
  ['/app/a.tsx', 'compiled', ['js', 'jsx', 'tsx']],
  ['/app/a.mts', 'original', ['mts', 'mjs']],
  ['/app/a.cjs?v=1', 'compiled', ['cjs']],
  ['/app/Form.vue?vue&type=script&setup=true&lang.ts', 'compiled', ['js', 'jsx', 'ts']],
  ['/app/Form.vue', 'compiled', ['js', 'jsx']],
] as const)('%s that is %s is read as %j', (id, state, expected) => {
  expect(languagesOf(id, state)).toEqual(expected)
})

test('a bundler’s word on the language comes first, and what is no code is not read', () => {
  expect(languagesOfType('/app/Form.vue', 'tsx')[0]).toBe('tsx')
  expect(languagesOfType('/app/a.ts', 'js')[0]).toBe('js')
  expect(languagesOfType('/app/a.json', 'json')).toEqual([])
})
