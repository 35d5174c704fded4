import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import { afterAll, expect, test } from 'vitest'
import { withoutTypes } from '../fixtures/bundleApp.ts'
import { temporaryFolder } from '../fixtures/openApp.ts'
import { carry } from './rollup.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

type OnLog = (level: string, log: { readonly message: string }) => void

/** Makes JavaScript of files in a language of its own. */
const page = {
  name: 'page',
  transform(code: string, id: string) {
    if (!id.endsWith('.page')) return null
    return {
      code: `export async function load() { await 1; return ${JSON.stringify(code)} }`,
      map: { mappings: '' as const },
    }
  },
}
const entry = join(folder.path, 'orders.page')
writeFileSync(entry, '<page async>')

test.each([
  [
    'Rollup',
    async (log?: (line: string) => void, onLog?: OnLog) => {
      const plugins = [carry({ log }), page, { name: 'without-types', transform: withoutTypes }]
      const bundle = await rollup({ input: entry, plugins, ...(onLog && { onLog }) })
      return bundle.generate({ format: 'esm' })
    },
  ],
  [
    'Rolldown',
    async (log?: (line: string) => void, onLog?: OnLog) => {
      const types = { '.page': 'js' } as const
      const bundle = await rolldown({
        input: entry,
        plugins: [carry({ log }), page],
        moduleTypes: types,
        ...(onLog && { onLog }),
      })
      return bundle.generate({ format: 'esm' })
    },
  ],
])('in %s it runs after a plugin that stands behind it, and tells the build’s log', async (_, bundle) => {
  const lines: string[] = []
  const { output } = await bundle((line) => lines.push(line))
  expect(lines).toEqual(['[waybill] carry: 1 function in 1 file carries; none left alone'])
  expect(output[0].code).toContain('waybill.carry.1')

  const logged: string[] = []
  await bundle(undefined, (level, { message }) => void (level === 'info' && logged.push(message)))
  expect(logged).toEqual([expect.stringContaining(lines[0]!)])
})

test('says nothing of a build that fails', async () => {
  const lines: string[] = []
  const failing = { name: 'failing', buildEnd: () => Promise.reject(new Error('no')) }
  const bad = { name: 'bad', transform: () => Promise.reject(new Error('broken')) }
  await expect(
    rollup({ input: entry, plugins: [carry({ log: (line) => lines.push(line) }), bad, failing] }),
  ).rejects.toThrow()
  expect(lines).toEqual([])
})
