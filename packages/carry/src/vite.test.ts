import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import babel from '@rolldown/plugin-babel'
import { reactCompilerPreset } from '@vitejs/plugin-react'
import type { Browser } from 'playwright'
import { build, createServer, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  AFTER,
  appFolder,
  AT_ONCE,
  configOf,
  FROM_THEN,
  LATER,
  openBrowser,
  OWN,
  POLLED,
  seenIn,
  sorted,
  temporaryFolder,
} from '../fixtures/openApp.ts'
import { carry } from './vite.ts'

const folder = temporaryFolder()
const packages = ['ky', '@tanstack/query-core']
let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  folder[Symbol.dispose]()
})

describe('a build', () => {
  const lines: string[] = []
  const outDir = join(folder.path, 'out')
  let chunks: readonly Chunk[]
  beforeAll(async () => {
    const plugin = carry({ include: packages, log: (line) => lines.push(line) })
    const { plugins = [], ...config } = configOf(plugin, folder.path)
    const compiler = babel({ presets: [reactCompilerPreset()] })
    await build({ ...config, plugins: [...plugins, compiler], build: { outDir, sourcemap: true } })
    chunks = readdirSync(join(outDir, 'assets'))
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ name, code: readFileSync(join(outDir, 'assets', name), 'utf8') }))
  })

  test('carries Vue, Svelte and React files, chunks, workers and the packages that are named', async () => {
    await using server = await serveBuild(outDir)
    expect(await seenIn(browser, server.url)).toEqual({
      app: sorted(OWN, AT_ONCE, LATER, FROM_THEN, AFTER, POLLED),
      worker: ['worker: first'],
      faults: [],
    })
  })

  test('says at its end what carries', () => {
    expect(lines).toEqual([
      expect.stringMatching(
        /^\[waybill\] carry: \d+ functions in \d+ files carry \(\d+ of @tanstack\/query-core, \d+ of ky\); none left alone$/,
      ),
    ])
  })

  test('has the runtime once, and once more for a worker', () => {
    const withRuntime = chunks.flatMap(({ name, code }) => code.match(/waybill\.carry\.1/g)?.map(() => name) ?? [])
    // The app's own source of frames is in one chunk with it, and shares its point.
    expect(new Set(withRuntime.map((name) => name.split('-')[0]))).toEqual(new Set(['index', 'worker']))
    expect(withRuntime).toHaveLength(2)
  })

  test('React Compiler has memoised the component that has an async handler', () => {
    expect(chunks.some(({ code }) => code.includes('react.memo_cache_sentinel'))).toBe(true)
  })

  test.each([
    ['Form.vue', "see('vue script')"],
    ['Form.vue', "see('vue template')"],
    ['Counter.svelte', "see('svelte')"],
    ['Panel.tsx', "see('react')"],
    ['late.ts', "see('chunk later')"],
  ])('a place in %s, %s, is found through the source maps', (file, place) => {
    const text = readFileSync(join(appFolder, file), 'utf8')
    const line = text.split('\n').findIndex((each) => each.includes(place)) + 1
    expect(line).toBeGreaterThan(0)
    const label = /'(.*)'/.exec(place)?.[1] ?? ''
    const found = chunks.flatMap(({ name, code }) => {
      const at = code.indexOf('`' + label + '`')
      if (at < 0) return []
      const before = code.slice(0, at).split('\n')
      const map = new TraceMap(readFileSync(join(outDir, 'assets', `${name}.map`), 'utf8'))
      const original = originalPositionFor(map, { line: before.length, column: before.at(-1)?.length ?? 0 })
      return [{ file: original.source?.split('/').at(-1), line: original.line }]
    })
    expect(found).toEqual([{ file, line }])
  })
})

describe('development', () => {
  const lines: string[] = []
  const serve = async (include: readonly string[]) => {
    const plugin = carry({ include, log: (line) => lines.push(line) })
    const server = await createServer({
      ...configOf(plugin, folder.path),
      server: { port: 0, host: '127.0.0.1', fs: { strict: false } },
    })
    await server.listen()
    const url = server.resolvedUrls?.local[0] ?? ''
    return { server, url, [Symbol.asyncDispose]: () => server.close() }
  }

  test('carries the app’s own code, and of packages nothing', async () => {
    await using app = await serve([])
    const nobodys = LATER.map((seen) => seen.replace(/: .*/, ': nobody'))
    expect(await seenIn(browser, app.url)).toEqual({
      app: sorted(OWN, AT_ONCE, nobodys, FROM_THEN, AFTER, POLLED),
      worker: ['worker: first'],
      faults: [],
    })
    const inServerCode = await app.server.environments.ssr.transformRequest('/late.ts')
    expect(inServerCode?.code).toContain('chunk later')
    expect(inServerCode?.code).not.toContain('runtime')
    const inClassicWorker = await app.server.transformRequest('/late.ts?worker_file&type=classic')
    expect(inClassicWorker?.code).toContain('chunk later')
    expect(inClassicWorker?.code).not.toContain('runtime')
    expect((await app.server.transformRequest('/late.ts'))?.code).toContain('runtime')
  })

  test('carries packages that are named since, though they were optimised before, and what is hot-reloaded', async () => {
    await using app = await serve(packages)
    expect((await seenIn(browser, app.url)).app).toEqual(sorted(OWN, AT_ONCE, LATER, FROM_THEN, AFTER, POLLED))
    expect(lines).toEqual([])

    const file = join(folder.path, 'live.ts')
    const write = (version: number, also = '') =>
      writeFileSync(
        file,
        `import { current, sleep, within } from '/frame.ts'
         const version: number = ${version}
         async function live() { await sleep(1); return [version, current()].join() }
         async function odd(code: string) { await 0; ${also} }
         globalThis.live = (frame) => { let done; within(frame, () => (done = live())); return done }
         import.meta.hot?.accept()
         export { odd }`,
      )
    write(1)
    const page = await browser.newPage()
    await page.goto(app.url)
    const live = () => page.evaluate(() => (globalThis as unknown as { live(frame: string): string }).live('first'))
    await page.evaluate(`import('/@fs${file}')`)
    expect(await live()).toBe('1,first')
    await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }))
    write(2, 'eval(code)')
    await expect.poll(live).toBe('2,first')
    expect(await page.evaluate(() => 'isTheSamePage' in globalThis)).toBe(true)
    expect(lines).toEqual([expect.stringMatching(/^\[waybill\] carry: left alone: .*live\.ts:4 odd: eval$/)])
    await page.close()
  })
})

interface Chunk {
  readonly name: string
  readonly code: string
}

async function serveBuild(outDir: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = await preview({
    root: appFolder,
    configFile: false,
    logLevel: 'silent',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  })
  return { url: server.resolvedUrls?.local[0] ?? '', [Symbol.asyncDispose]: () => server.close() }
}
