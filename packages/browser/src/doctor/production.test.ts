import { fileURLToPath } from 'node:url'
import { build as esbuild } from 'esbuild'
import { build } from 'vite'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllEnvs())

const root = fileURLToPath(new URL('../..', import.meta.url))
const CONDITIONS = ['waybill-source', 'module', 'browser', 'import', 'default']

/** What bundlers make of an application's script: Vite by its mode, the others by a definition, as webpack's DefinePlugin makes it too. */
const BUNDLERS = {
  async vite(script: string, mode: string) {
    vi.stubEnv('NODE_ENV', mode)
    const entry = 'waybill-app-entry'
    const output = await build({
      configFile: false,
      mode,
      root,
      logLevel: 'silent',
      resolve: { conditions: CONDITIONS },
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
  },

  async esbuild(script: string, mode: string) {
    const { outputFiles } = await esbuild({
      stdin: { contents: script, resolveDir: root },
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
      conditions: CONDITIONS,
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
    })
    return outputFiles.map(({ text }) => text).join('')
  },
} as const
const NAMES = Object.keys(BUNDLERS) as (keyof typeof BUNDLERS)[]

const PLAIN = `
import { createWaybill } from '@waybill/browser'
window.waybill = createWaybill({ service: 'shop-web' })`

const withDoctor = (condition: string): string => `
import { createWaybill } from '@waybill/browser'
import { doctor } from '@waybill/browser/doctor'
createWaybill({ service: 'shop-web', fetch: ${condition} ? doctor({ fetch: own }) : own })`

/** Words that only the doctor says, or the check of the options. */
const TRACES =
  /Access-Control-Allow|datadogRum|elasticApm|securitypolicyviolation|ad blocker|tracedOrigins, so support|Did you mean/

test.each(NAMES)('nothing of the doctor or the checks is left in what %s makes for production', async (name) => {
  const code = await BUNDLERS[name](PLAIN, 'production')
  expect(code).toContain('traceparent')
  expect(code).not.toMatch(TRACES)
})

test.each(NAMES)('what %s makes for development has the doctor, unasked', async (name) => {
  const code = await BUNDLERS[name](PLAIN, 'development')
  expect(code).toMatch(/Access-Control-Allow/)
  expect(code).toMatch(/tracedOrigins, so support/)
})

test.each(NAMES.flatMap((name) => [[name, "process.env.NODE_ENV !== 'production'"] as const]))(
  '%s leaves a doctor for a fetch of your own out of production behind %s',
  async (name, condition) => {
    const code = await BUNDLERS[name](withDoctor(condition), 'production')
    expect(code).not.toMatch(TRACES)
    expect(await BUNDLERS[name](withDoctor(condition), 'development')).toMatch(TRACES)
  },
)

test('Vite leaves it out behind import.meta.env.DEV, too', async () => {
  expect(await BUNDLERS.vite(withDoctor('import.meta.env.DEV'), 'production')).not.toMatch(TRACES)
})

test('that steps stay on the device is said by a development bundle, and nothing of it is in a production bundle', async () => {
  expect(await BUNDLERS.vite(PLAIN, 'development')).toContain('There is no deliverTo')
  expect(await BUNDLERS.vite(PLAIN, 'production')).not.toMatch(/no deliverTo|\.warn\(/)
})
