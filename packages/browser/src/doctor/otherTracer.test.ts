import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Page } from 'playwright'
import { openDoctorPages } from '../../fixtures/openDoctorPages.ts'
import type { DoctorPages } from '../../fixtures/openDoctorPages.ts'

let pages: DoctorPages
beforeAll(async () => {
  pages = await openDoctorPages()
})
afterAll(() => pages.close())
beforeEach(() => {
  pages.site.calls.length = 0
})

async function callTwice(page: Page): Promise<string[]> {
  await page.evaluate(async () => {
    for (let time = 0; time < 2; time++) {
      await window.doctorPage.waybill.fetch('/api/refunds', { method: 'POST', body: 'one' })
    }
  })
  return page.evaluate(() => window.doctorPage.said)
}

test.each([
  ['datadog', 'Datadog RUM', "propagatorTypes: ['datadog']"],
  ['elastic', 'Elastic APM RUM', 'distributedTracing: false'],
  ['opentelemetry', 'OpenTelemetry', 'ignoreUrls'],
  ['homemade', 'Another script on this page', 'Switch off its trace propagation'],
])('%s is named once as another writer of traceparent, with how to switch it off', async (tracer, name, remedy) => {
  const page = await pages.visit({ tracer })
  const said = await callTwice(page)
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(`[waybill] ${name}`)
  expect(said[0]).toContain(pages.site.origin)
  expect(said[0]).toContain(remedy)
})

test.each(['', 'sentry'])('nothing is said beside %j, which writes no traceparent over ours', async (tracer) => {
  const page = await pages.visit({ tracer })
  expect(await callTwice(page)).toEqual([])
})

test.each(['', 'sentry', 'datadog', 'elastic', 'opentelemetry', 'homemade'])(
  'beside %j a call keeps its method, its body and its reference',
  async (tracer) => {
    const page = await pages.visit({ tracer })
    await callTwice(page)
    const calls = pages.site.calls.filter(({ path }) => path === '/api/refunds')
    expect(calls.map(({ method, body }) => `${method} ${body}`)).toEqual(['POST one', 'POST one'])
    for (const { headers } of calls) expect(headers['trace-reference']).toMatch(/^[\dA-Z]{3}-[\dA-Z]{3}-[\dA-Z]{3}$/)
  },
)
