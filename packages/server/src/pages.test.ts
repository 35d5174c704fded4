import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const fixtures = new URL('../fixtures/pages/', import.meta.url)
const tested = readdirSync(fixtures).map((name) => readFileSync(new URL(name, fixtures), 'utf8').trim())

test.each(['SQL.md', 'WEBHOOKS.md'])('%s shows code as it is compiled and tested', (name) => {
  const page = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
  const shown = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code?.trim())
  expect(shown.length).toBeGreaterThan(2)
  expect(shown.filter((code) => !tested.includes(code ?? ''))).toEqual([])
})
