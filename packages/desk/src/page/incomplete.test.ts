import { mintReference } from '@waybill/reference'
import { tempoSpans } from '@waybill/desk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeViolations, lookFor, openPages } from '../../fixtures/openPage.ts'
import type { Pages } from '../../fixtures/openPage.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startTempo } from '../../fixtures/startTempo.ts'
import type { Tempo } from '../../fixtures/startTempo.ts'

let tempo: Tempo
let pages: Pages
const trail = refundTrail()

beforeAll(async () => {
  tempo = await startTempo([], { behaves: 500 })
  pages = await openPages({
    spans: [tempoSpans({ url: tempo.url })],
    traceLinks: [{ name: 'Jaeger', url: 'https://jaeger.example/trace/{traceId}' }],
  })
  await pages.send(trail)
})
afterAll(async () => {
  await pages[Symbol.asyncDispose]()
  await tempo.close()
})

test.each([1280, 390])('a trail that could not be seen whole says so before its answer, at %i px', async (width) => {
  await using visit = await pages.visit(`/trail/${trail.reference}`, { viewport: { width, height: 800 } })
  const { page } = visit
  const notice = page.getByRole('note', { name: 'This is not everything' })
  await notice.waitFor()
  expect(await notice.innerText()).toContain('Tempo could not be reached.')
  const [said, answer] = await Promise.all([notice.boundingBox(), page.locator('.answer').boundingBox()])
  expect(said!.y + said!.height).toBeLessThanOrEqual(answer!.y)
  const link = page.getByRole('link', { name: 'Jaeger' })
  expect(await link.getAttribute('href')).toMatch(/^https:\/\/jaeger\.example\/trace\/[\da-f]{32}$/)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(await axeViolations(page)).toEqual([])
  expect(visit.complaints).toEqual([])
})

test('what was not found in what could be searched is not called unknown', async () => {
  await using visit = await pages.visit()
  const { page } = visit
  await lookFor(page, mintReference())
  await page.getByRole('heading', { name: 'Not found in what could be searched' }).waitFor()
  expect(await page.getByRole('note').innerText()).toMatch(/It may be there all the same[^]+Tempo could not be reached/)
  expect(await page.getByText('Nothing is known about this').count()).toBe(0)
  expect(await axeViolations(page)).toEqual([])
})
