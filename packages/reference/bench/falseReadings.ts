// How often ordinary text is taken for a reference. Run by Node 24 with --conditions=waybill-source:
//   bench/falseReadings.ts FOLDER... [--ends .md,.txt] [--show]
// Every reading counts as false, so give it texts that hold no reference.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { findReferences } from '@waybill/reference/reading'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ends: { type: 'string', default: '.md,.txt,.gz' }, show: { type: 'boolean', default: false } },
})
const ends = values.ends.split(',')
let [files, characters, words, milliseconds] = [0, 0, 0, 0]
const seen = new Set<string>()
const tiers = [0, 0, 0, 0, 0, 0]

for (const folder of positionals) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!ends.some((end) => name.endsWith(end)) || name.includes('@waybill')) continue
    const text = textOf(join(folder, name))
    if (text === null) continue
    // Packages ship the same file more than once.
    const digest = createHash('sha256').update(text).digest('base64')
    if (seen.has(digest)) continue
    seen.add(digest)
    files += 1
    characters += text.length
    words += text.match(/\S+/g)?.length ?? 0
    const begun = performance.now()
    const readings = findReferences(text)
    milliseconds += performance.now() - begun
    for (const { tier, start, end, references, sure } of readings) {
      tiers[tier] = (tiers[tier] ?? 0) + 1
      if (values.show)
        console.log(tier, sure, name, JSON.stringify(text.slice(start - 20, end + 20)), references.join())
    }
  }
}
const readings = tiers.reduce((sum, count) => sum + count)
console.log(`${files} files, ${(words / 1e6).toFixed(2)} million words, ${(characters / 1e6).toFixed(1)} MB`)
console.log(`${readings} readings, ${((readings * 1e6) / words).toFixed(2)} per million words`)
console.log(`by tier 1 to 5: ${tiers.slice(1).join(', ')}; ${((milliseconds * 1e6) / characters).toFixed(0)} ms per MB`)

function textOf(file: string): string | null {
  try {
    const bytes = readFileSync(file)
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch {
    return null
  }
}
