import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

/** Minified and compressed bytes of what a page gets by `statement`, nanoid included. */
async function sizeOf(statement: string): Promise<number> {
  const entry = 'waybill-size-entry'
  const output = await build({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'silent',
    resolve: { conditions: ['waybill-source', 'module', 'browser', 'import', 'default'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id.endsWith(entry) ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? statement : null),
      },
    ],
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  })
  const chunks = [output].flat().flatMap((result) => ('output' in result ? result.output : []))
  const code = chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('')
  expect(code).toContain('export')
  return gzipSync(code, { level: 9 }).length
}

test.each([
  ["export * from '@waybill/reference'", 1710],
  ["export { mintReference, parseReference } from '@waybill/reference'", 1000],
  ["export { lengthFor } from '@waybill/reference/reading'", 400],
  ["export { sayReference } from '@waybill/reference/reading'", 550],
])('%s is at most %d bytes', async (statement, most) => {
  expect(await sizeOf(statement)).toBeLessThanOrEqual(most)
})
