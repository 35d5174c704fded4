import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { afterAll, describe, expect, test } from 'vitest'
import { APP_BUNDLERS, bundleApp, writeApp } from '../fixtures/bundleApp.ts'
import type { AppBundle, AppJob } from '../fixtures/bundleApp.ts'
import { current, within } from '../fixtures/app/frame.ts'
import { temporaryFolder } from '../fixtures/openApp.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

const names = Object.keys(APP_BUNDLERS) as (keyof typeof APP_BUNDLERS)[]

describe.each(names)('by %s', (bundler) => {
  const place = join(folder.path, bundler)
  writeApp(place)
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const bundle = (job: Partial<AppJob>): Promise<AppBundle> =>
    bundleApp(bundler, { folder: place, entry: 'src/main.ts', name: 'main', options: { log }, ...job })
  // Globs are from the project's root, which Rollup does not have.
  const exclude = bundler === 'rollup' ? [/\/src\/legacy\//] : ['src/legacy']
  // Rollup by itself reads no CommonJS.
  const hasPackage = bundler !== 'rollup'

  test('own files and named packages carry, and excluded ones stay', async () => {
    lines.length = 0
    const options = { include: ['waiting', 'wating'], exclude, log }
    const { file, code, map, warnings } = await bundle({ options })
    if (hasPackage) {
      const seen = await seenBy(file)
      expect(seen).toEqual(['own: first', 'old: nobody', 'package: first', 'end: first'])
    }
    const counts = hasPackage ? '3 functions in 3 files carry (1 of waiting)' : '2 functions in 2 files carry'
    expect(lines).toHaveLength(1)
    expect(lines[0]!.split('\n')).toEqual([
      `[waybill] carry: ${counts}; 1 left alone: eval (1)`,
      expect.stringMatching(/^ {2}(?:\S*\/)?src\/load\.ts:6 odd: eval$/),
    ])
    expect(warnings.filter((each) => each.includes('carry:'))).toEqual([expect.stringContaining(`'wating', of which`)])
    expect(code.match(/waybill\.carry\.1/g)).toHaveLength(1)

    const before = code.slice(0, code.search(/see\(["']end["']\)/)).split('\n')
    const original = originalPositionFor(new TraceMap(map), { line: before.length, column: before.at(-1)!.length })
    expect([original.source?.split('/').at(-1), original.line, original.column]).toEqual(['main.ts', 10, 2])
  })

  test('what is built again from a cache is counted again', async () => {
    const said = lines.at(-1)
    lines.length = 0
    await bundle({ options: { include: ['waiting', 'wating'], exclude, log } })
    expect(lines).toEqual([said])
  })

  test('without the package’s name its functions stay, and lose only', async () => {
    lines.length = 0
    const { file, warnings } = await bundle({ name: 'unnamed' })
    if (hasPackage) expect(await seenBy(file)).toEqual(['own: first', 'old: first', 'package: nobody', 'end: first'])
    expect(lines[0]).toMatch(/^\[waybill\] carry: 3 functions in 3 files carry; 1 left alone/)
    expect(warnings.filter((each) => each.includes('carry:'))).toEqual([])
  })

  test('where nothing carries there is no runtime', async () => {
    lines.length = 0
    const { code } = await bundle({ entry: 'src/plain.ts', name: 'plain' })
    expect(code.includes('waybill.carry.1')).toBe(false)
    expect(lines).toEqual(['[waybill] carry: no function carries, as none that awaits was met; none left alone'])
  })

  test.runIf(bundler !== 'rollup')('a build for a server stays as it is', async () => {
    lines.length = 0
    const { file, code } = await bundle({ name: 'server', isForServer: true })
    expect(code.includes('waybill.carry.1')).toBe(false)
    expect(await seenBy(file)).toEqual(['own: nobody', 'old: nobody', 'package: nobody', 'end: nobody'])
    expect(lines).toEqual([])
  })
})

async function seenBy(file: string): Promise<readonly string[]> {
  const { run } = (await import(/* @vite-ignore */ `${pathToFileURL(file).href}?${Math.random()}`)) as {
    run(see: (place: string) => void): Promise<void>
  }
  const seen: string[] = []
  let done: Promise<void> | undefined
  within('first', () => (done = run((each) => seen.push(`${each}: ${current() ?? 'nobody'}`))))
  await done
  return seen
}
