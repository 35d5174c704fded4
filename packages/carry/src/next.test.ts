import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures/openApp.ts'
import { withCarry } from './next.ts'
import { keepRecord } from './plugin/keptRecords.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

interface Rule {
  readonly condition: { readonly all: readonly unknown[] }
  readonly loaders: readonly { readonly loader: string; readonly options: Readonly<Record<string, unknown>> }[]
}
interface Made {
  readonly poweredByHeader?: boolean
  readonly turbopack: { readonly rules: Readonly<Record<string, unknown>> }
  readonly webpack: (config: object, context: object) => { readonly plugins?: readonly unknown[] }
  readonly compiler: { readonly runAfterProductionCompile: (build: object) => Promise<void> }
}
const FILES = '*.{js,jsx,ts,tsx,mjs,cjs,mts,cts}'
const made = (config: object, options?: Parameters<typeof withCarry>[1]) => withCarry(config, options) as Made

test('keeps what the configuration has, and gives Turbopack a loader for the browser, with options that are JSON', () => {
  const theirs = { condition: 'browser', loaders: ['theirs'] }
  const config = made(
    { poweredByHeader: false, turbopack: { rules: { '*.svg': ['svg'], [FILES]: theirs } } },
    { include: ['ky', 'lodash.get'], exclude: ['app/legacy', /old/i] },
  )
  expect(config.poweredByHeader).toBe(false)
  expect(config.turbopack.rules['*.svg']).toEqual(['svg'])
  const [first, rule] = config.turbopack.rules[FILES] as readonly [unknown, Rule]
  expect(first).toBe(theirs)
  const [where, , files] = rule.condition.all as [string, unknown, { any: [unknown, { path: RegExp }] }]
  expect(where).toBe('browser')
  const paths = [
    'node_modules/ky/a.js',
    'x/node_modules/lodash.get/a.js',
    'node_modules/kyx/a.js',
    'node_modules/lodashxget/a.js',
  ]
  expect(paths.map((path) => files.any[1].path.test(path))).toEqual([true, true, false, false])
  const { loader, options } = rule.loaders[0]!
  expect(loader).toBe('@waybill/carry/webpack')
  expect(JSON.parse(JSON.stringify(options))).toEqual(options)
  expect(options).toMatchObject({
    include: ['ky', 'lodash.get'],
    exclude: ['app/legacy', { source: 'old', flags: 'i' }],
  })
})

test('gives webpack the plugin in the browser’s compilation alone, after what the configuration does', () => {
  const theirs = { name: 'theirs' }
  const config = made({ webpack: (options: object) => ({ ...options, plugins: [theirs] }) })
  expect(config.webpack({}, { isServer: true, dev: false }).plugins).toEqual([theirs])
  expect(config.webpack({}, { isServer: false, dev: false }).plugins).toEqual([theirs, { apply: expect.any(Function) }])
  expect(made({}).webpack({}, { isServer: false, dev: true }).plugins).toHaveLength(1)
})

test('takes a function, too', async () => {
  const config = withCarry(async (phase: string) => ({ env: { phase } }))
  expect(await config('build')).toMatchObject({ env: { phase: 'build' }, turbopack: { rules: { [FILES]: {} } } })
})

test('refuses options at once', () => {
  expect(() => withCarry({}, { include: 'ky' } as never)).toThrow(`Write include: ['ky']`)
})

beforeAll(() => {
  const records = join(folder.path, '.next', 'cache', 'waybill-carry')
  const record = { carried: 2, leftAlone: [], fault: undefined, isLowered: false }
  mkdirSync(join(folder.path, 'app'), { recursive: true })
  for (const name of ['kept.ts', 'changed.ts']) {
    writeFileSync(join(folder.path, 'app', name), 'before')
    keepRecord(records, join(folder.path, 'app', name), record)
  }
  writeFileSync(join(folder.path, 'app', 'changed.ts'), 'after')
  writeFileSync(join(records, 'cut.json'), '{ "file": ')
})

test('says after the build what loaders recorded, of files that are still the same', async () => {
  const lines: string[] = []
  let hasRun = false
  const config = made(
    { compiler: { runAfterProductionCompile: () => (hasRun = true) } },
    { log: (line) => void lines.push(line) },
  )
  await config.compiler.runAfterProductionCompile({ projectDir: folder.path, distDir: join(folder.path, '.next') })
  expect(lines).toEqual(['[waybill] carry: 2 functions in 1 file carry; none left alone'])
  expect(hasRun).toBe(true)
})
