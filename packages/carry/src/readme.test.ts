import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importCarried } from '../fixtures/importCarried.ts'
import { carrySource } from './carrySource.ts'

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text: text! }))

test('what the README imports is there', async () => {
  const imports = blocks.flatMap(({ text }) => [
    ...text.matchAll(/^import \{ (.+) \} from '@waybill\/carry\/(\w+)'$/gm),
  ])
  expect(imports.map(([, , entry]) => entry)).toEqual(['vite', 'rollup', 'webpack', 'next', 'esbuild', 'otel'])
  for (const [, name, entry] of imports) {
    const found = (await import(/* @vite-ignore */ new URL(`${entry}.ts`, import.meta.url).href)) as Record<
      string,
      unknown
    >
    expect(found[name!]).toBeTypeOf('function')
  }
})

test('what it says is written is what is written', () => {
  const at = blocks.findIndex(({ text }) => text.startsWith('async function save'))
  expect(carrySource(blocks[at]!.text, { filename: 'save.js', format: 'module' })?.code).toBe(blocks[at + 1]!.text)
})

test('a source of one’s own is carried', async () => {
  const source = blocks.find(({ text }) => text.startsWith('const point'))!.text
  const { tries } = await importCarried<'tries'>(`${source}
    const sleep = () => new Promise((resolve) => setTimeout(resolve))
    const sees = async () => { await sleep(); return current() }
    export const tries = () => Promise.all([run('mine', sees), sees(), run('yours', sees), current()])`)
  expect(await tries()).toEqual(['mine', undefined, 'yours', undefined])
})
