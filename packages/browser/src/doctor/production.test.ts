import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllEnvs())

/** What Vite makes of an application's script in that mode. */
async function bundleOf(script: string, mode: 'production' | 'development'): Promise<string> {
  vi.stubEnv('NODE_ENV', mode)
  const entry = 'waybill-app-entry'
  const output = await build({
    configFile: false,
    mode,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    logLevel: 'silent',
    resolve: { conditions: ['waybill-source', 'module', 'browser', 'import', 'default'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id.endsWith(entry) ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? script : null),
      },
    ],
    build: { write: false, minify: true, rolldownOptions: { input: entry } },
  })
  const chunks = [output].flat().flatMap((result) => ('output' in result ? result.output : []))
  return chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('')
}

const WITHOUT = `
import { createWaybill } from '@waybill/browser'
createWaybill({ service: 'shop-web' })`

const withDoctor = (condition: string): string => `
import { createWaybill } from '@waybill/browser'
import { doctor } from '@waybill/browser/doctor'
createWaybill({ service: 'shop-web', fetch: ${condition} ? doctor() : undefined })`

/** Words that only the doctor says. */
const TRACES = /Access-Control-Allow|datadogRum|elasticApm|securitypolicyviolation|ad blocker|tracedOrigins, so support/

const CONDITIONS = ['import.meta.env.DEV', "process.env.NODE_ENV !== 'production'"]

test.each(CONDITIONS)('nothing of the doctor is left in a production bundle behind %s', async (condition) => {
  const without = await bundleOf(WITHOUT, 'production')
  const code = await bundleOf(withDoctor(condition), 'production')
  expect(code).toContain('traceparent')
  expect(code).not.toMatch(TRACES)
  // What is left of the condition itself.
  expect(code.length - without.length).toBeLessThan(40)
})

test.each(CONDITIONS)('a development bundle has the doctor behind %s', async (condition) => {
  expect(await bundleOf(withDoctor(condition), 'development')).toMatch(TRACES)
})

test('an application that does not import the doctor has nothing of it, in development either', async () => {
  for (const mode of ['production', 'development'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- the mode is an environment variable
    expect(await bundleOf(WITHOUT, mode)).not.toMatch(TRACES)
  }
})

test('that steps stay on the device is said by a development bundle, and nothing of it is in a production bundle', async () => {
  expect(await bundleOf(WITHOUT, 'development')).toContain('There is no deliverTo')
  expect(await bundleOf(WITHOUT, 'production')).not.toMatch(/no deliverTo|\.warn\(/)
})
