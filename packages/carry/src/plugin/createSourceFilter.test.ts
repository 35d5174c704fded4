import { expect, test } from 'vitest'
import { createSourceFilter, packageOf } from './createSourceFilter.ts'

const wants = createSourceFilter({ include: ['ky', '@tanstack/query-core'], exclude: [] }, '/app')

test.each([
  ['/app/src/main.ts'],
  ['/app/src/Form.vue?vue&type=script&setup=true&lang.ts'],
  ['/app/index.html?html-proxy&index=0.js'],
  // A package of the workspace, which bundlers follow the link to.
  ['/app/../shared/src/load.ts'],
  ['/app/node_modules/ky/distribution/index.js'],
  ['/app/node_modules/ky/distribution/index.js?v=0a1b2c3d'],
  ['/app/node_modules/.pnpm/ky@2.1.0/node_modules/ky/distribution/index.js'],
  ['/app/node_modules/other/node_modules/ky/index.js'],
  ['/app/node_modules/@tanstack/query-core/build/modern/query.js'],
])('%s carries', (id) => {
  expect(wants(id)).toBe(true)
})

test.each([
  ['\0/app/src/main.ts?commonjs-proxy'],
  ['virtual:routes'],
  ['/app/src/main.ts?raw'],
  ['/app/src/main.ts?url'],
  ['/app/src/main.ts?t=1&raw'],
  ['/app/node_modules/react/index.js'],
  ['/app/node_modules/ky-universal/index.js'],
  ['/app/node_modules/@tanstack/react-query/build/modern/index.js'],
  ['/app/node_modules/ky/node_modules/other/index.js'],
])('%s stays', (id) => {
  expect(wants(id)).toBe(false)
})

test.each([
  [
    'src/legacy',
    ['src/legacy/a.ts', 'src/legacy/b/c.ts'],
    ['src/legacy.ts', 'other/src/legacy/a.ts', 'src/legacyer/a.ts'],
  ],
  ['./src/legacy/', ['src/legacy/a.ts'], ['src/a.ts']],
  ['src/*.ts', ['src/a.ts'], ['src/b/a.ts', 'src/a.tsx']],
  ['**/*.test.ts', ['a.test.ts', 'src/b/a.test.ts'], ['src/a.ts', 'src/atest.ts']],
  ['src/**', ['src/a.ts', 'src/b/a.ts'], ['lib/a.ts', 'src2/a.ts']],
  ['src/{old,older}/*.?s', ['src/old/a.ts', 'src/older/a.js'], ['src/oldest/a.ts', 'src/old/a.tsx']],
  ['app/orders/[id]', ['app/orders/[id]/page.tsx'], ['app/orders/i/page.tsx', 'app/orders/d']],
  ['app/(shop)/a+b.ts', ['app/(shop)/a+b.ts'], ['app/shop/aab.ts']],
  ['../shared/**', ['../shared/a.ts'], ['shared/a.ts']],
])('the glob %s excludes what it says', (glob, excluded, kept) => {
  const wants = createSourceFilter({ include: [], exclude: [glob] }, '/home/app')
  expect([...excluded, ...kept].filter((path) => !wants(`/home/app/${path}`.replace('/app/../', '/')))).toEqual(
    excluded,
  )
})

test('an expression is tried on the whole path, each time from its start, also in packages', () => {
  const wants = createSourceFilter({ include: ['ky'], exclude: [/\/legacy\//g, /ky\/.*\/internal/] }, '/app')
  for (let times = 0; times < 2; times++) expect(wants('/app/src/legacy/a.ts?v=1')).toBe(false)
  expect(wants('/app/node_modules/ky/dist/internal.js')).toBe(false)
  expect(wants('/app/node_modules/ky/dist/index.js')).toBe(true)
})

test('a file is of the package that is nearest above it', () => {
  expect(packageOf('/app/src/a.ts')).toBeUndefined()
  expect(packageOf('/app/node_modules/a/node_modules/@b/c/d.js')).toBe('@b/c')
})
