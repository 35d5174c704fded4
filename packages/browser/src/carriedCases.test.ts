import { carry } from '@waybill/carry/vite'
import { LOST_PLACES } from '../../carry/fixtures/lostPlaces.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundlePage } from '../fixtures/bundlePage.ts'
import { mostBrowsersHere, openBrowser } from '../fixtures/openBrowser.ts'
import { startSite } from '../fixtures/site.ts'
import type { Site } from '../fixtures/site.ts'
import type { TestBrowser, TestPage } from '../fixtures/TestBrowser.ts'

const SEED = Number(process.env['WAYBILL_SEED'] ?? 1)

let site: Site
beforeAll(async () => {
  const plugin = carry({ exclude: [/runCases\.ts$/], log: () => {} })
  site = await startSite(await bundlePage('casesPage.ts', [plugin]))
})
afterAll(() => site?.close())

describe.each(mostBrowsersHere())('the case table of the build plugin in %s', (name) => {
  let browser: TestBrowser
  let page: TestPage
  beforeAll(async () => {
    browser = await openBrowser(name)
    page = await browser.newPage()
    await page.goto(site.origin)
  })
  afterAll(() => browser?.close())

  // Safari has no `Symbol.dispose` yet.
  test.each(name === 'webkit' ? ['index'] : ['index', 'disposal'])(
    '%s: nothing is wrong and nothing leaks',
    async (module) => {
      const counts = await page.evaluate(({ module, seed }) => window.casesPage.run(module, seed), {
        module,
        seed: SEED,
      })
      console.log(
        `[carry] ${name}, ${module}: ${counts.cases} cases, ${counts.observations} observations, ${counts.right} right, ${counts.wrong.length} wrong, ${counts.leaked.length} leaked`,
      )
      expect(counts.cases).toBeGreaterThan(1)
      expect(counts).toMatchObject({ wrong: [], leaked: [], failed: [] })
      expect(counts.lost.filter((place) => !LOST_PLACES[`${module}.js`]?.includes(place))).toEqual([])
    },
  )
})
