import { execFile } from 'node:child_process'
import { basename, extname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostBrowsersHere, openBrowser } from '../../browser/fixtures/openBrowser.ts'
import type { TestBrowser } from '../../browser/fixtures/TestBrowser.ts'
import { BUNDLERS, fileOfBundle } from '../fixtures/bundleCases.ts'
import type { BundleJob, CaseBundler } from '../fixtures/bundleCases.ts'
import { temporaryFolder } from '../fixtures/openApp.ts'
import { LOST_PLACES } from '../fixtures/lostPlaces.ts'
import type { CaseCounts } from '../fixtures/runCases.ts'
import { serveBundles } from '../fixtures/serveBundles.ts'
import type { BundlesSite } from '../fixtures/serveBundles.ts'

const fixtures = join(import.meta.dirname, '..', 'fixtures')
const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

/** Also what is right behind a function that is left alone. */
const MAY_BE_LOST = [...Object.values(LOST_PLACES).flat(), 'sloppy.withInside: around it']

describe.each(Object.entries(BUNDLERS))('the case table, bundled by %s', (name, bundler) => {
  test('is right, and does what it does without the plugin', async () => {
    const { files, lines } = await bundleCarried(name, bundler)
    const carried = await countsInNode(files)
    const plain = await countsInNode(await bundle(bundler, join(placeOf(name), 'plain'), undefined))
    expect(lines.join('\n')).toMatch(/^\[waybill\] carry: \d{3} functions in \d+ files carry; /)
    for (const [bundle, counts] of Object.entries(carried)) {
      expect(counts.cases).toBeGreaterThan(0)
      expect([bundle, counts.wrong, counts.leaked, counts.lost.filter((each) => !MAY_BE_LOST.includes(each))]).toEqual([
        bundle,
        [],
        [],
        [],
      ])
      // Some bundlers break some of the cases by themselves.
      const broken = namesIn(plain[bundle]!.failed)
      expect(namesIn(counts.failed).filter((each) => !broken.includes(each))).toEqual([])
      const told = (each: CaseCounts) =>
        Object.entries(each.told).flatMap(([name, text]) => (broken.includes(name) ? [] : [[name, anyNames(text)]]))
      expect(told(counts)).toEqual(told(plain[bundle]!))
    }
  })
})

describe.each(mostBrowsersHere())('in %s the case table', (browserName) => {
  let browser: TestBrowser
  let site: BundlesSite
  beforeAll(async () => {
    site = await serveBundles(folder.path)
    browser = await openBrowser(browserName)
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
  })

  test.each(Object.entries(BUNDLERS))('bundled by %s is right', async (name, bundler) => {
    const { files } = await bundleCarried(name, bundler)
    const page = await browser.newPage()
    await page.goto(site.origin)
    for (const [entry, file] of Object.entries(files)) {
      if (!file.endsWith('.mjs')) continue
      const address = file.slice(folder.path.length)
      const counts = await page.evaluate(({ address }) => window.bundlesPage.run(address, 1), { address })
      expect(counts.cases).toBeGreaterThan(0)
      expect([entry, counts.wrong, counts.leaked, counts.lost.filter((each) => !MAY_BE_LOST.includes(each))]).toEqual([
        entry,
        [],
        [],
        [],
      ])
    }
    await page.close()
  })
})

const placeOf = (name: string): string => join(folder.path, name.replaceAll(' ', '-'))

/** Once for Node and the browsers. */
function bundleCarried(name: string, bundler: CaseBundler): Promise<CarriedBundles> {
  const bundleNow = async (lines: string[] = []): Promise<CarriedBundles> => ({
    files: await bundle(bundler, join(placeOf(name), 'carried'), (line) => lines.push(line)),
    lines,
  })
  const bundles = carriedBundles.get(name) ?? bundleNow()
  carriedBundles.set(name, bundles)
  return bundles
}

const carriedBundles = new Map<string, Promise<CarriedBundles>>()

interface CarriedBundles {
  readonly files: Files
  readonly lines: readonly string[]
}

/** The bundles' files by their names. */
async function bundle(bundler: CaseBundler, place: string, log: BundleJob['log']): Promise<Files> {
  const files: Record<string, string> = {}
  for (const format of ['esm', 'cjs'] as const) {
    const own = bundler.entries.filter((entry) => entry.endsWith('.cjs') === (format === 'cjs'))
    if (own.length === 0) continue
    const entries = Object.fromEntries(
      own.map((entry) => [basename(entry, extname(entry)), join(fixtures, 'cases', entry)]),
    )
    await bundler.bundle({ entries, format, folder: place, log })
    for (const name of Object.keys(entries)) files[name] = join(place, fileOfBundle(name, format))
  }
  return files
}

async function countsInNode(files: Files): Promise<Counts> {
  // Where the stack ends just before a promise is awaited, that one is heard of, too.
  const args = ['--unhandled-rejections=warn', join(fixtures, 'runBundles.ts'), '1', ...Object.values(files)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 })
  const counts = JSON.parse(stdout) as Counts
  return Object.fromEntries(Object.entries(files).map(([bundle, file]) => [bundle, counts[file]!]))
}

/** Without the short names that minifiers give to functions, and not the same twice. */
const anyNames = (told: string): string => told.replace(/"[a-z_$]\w?"/gi, '"name"')

type Files = Readonly<Record<string, string>>
type Counts = Readonly<Record<string, CaseCounts>>

const namesIn = (failed: readonly string[]): readonly string[] => failed.map((each) => each.split(':')[0]!)
