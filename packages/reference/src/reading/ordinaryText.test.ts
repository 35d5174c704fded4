import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findReferences } from '@waybill/reference/reading'
import { expect, test } from 'vitest'

// Manuals and declarations of the installed packages: English prose and source code. Change logs are left out: they are lists of
// commit hashes, and how many hex strings of our own shape pass the check by chance is measured by itself. `bench/falseReadings.ts`
// counts over more texts.
const FOLDER = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const MOST_CHARACTERS = 15_000_000

test('reads at most two references per million words of manuals and source code', () => {
  let [words, characters] = [0, 0]
  const found: string[] = []
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).toSorted()
  for (const ending of ['.md', '.d.ts']) {
    for (const name of names) {
      if (!name.endsWith(ending) || /@waybill|changelog|history/i.test(name) || characters > MOST_CHARACTERS) continue
      const text = readFileSync(join(FOLDER, name), 'utf8')
      words += text.match(/\S+/g)?.length ?? 0
      characters += text.length
      for (const { start, end } of findReferences(text)) found.push(`${name}: ${text.slice(start, end)}`)
    }
  }
  expect(words).toBeGreaterThan(1e6)
  expect((found.length * 1e6) / words, found.join('\n')).toBeLessThanOrEqual(2)
})
