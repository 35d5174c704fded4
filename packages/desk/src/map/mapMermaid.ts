import { nameOf } from './mapText.ts'
import type { PathMap } from './PathMap.ts'

/** The map as a Mermaid flowchart. Ids are ours and every name is a quoted string, so that no name can be read as Mermaid's own words. */
export function mapMermaid({ places, edges, ends, trails }: PathMap): string {
  const lines = ['flowchart LR']
  for (const [index, place] of places.entries()) lines.push(`  p${index}["${escaped(nameOf(place))}"]`)
  for (const { from, to, steps, failed, claimed } of edges) {
    const words = failed === 0 ? String(steps) : `${steps}, ${failed} failed`
    lines.push(`  p${from} ${claimed ? '-.->' : '-->'}|"${words}"| p${to}`)
  }
  for (const [index, { place, trails: count, note }] of ends.entries()) {
    lines.push(
      `  e${index}(["${escaped(`${count} of ${trails} end here${note === null ? '' : `: ${note}`}`)}"])`,
      `  p${place} -.- e${index}`,
    )
  }
  return lines.join('\n')
}

/** Mermaid's own entities, by number: it knows no backslashes, and reads quotes, HTML, Markdown and `#` inside of strings. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:;/()_…×-]/gu, (symbol) => `#${symbol.codePointAt(0)};`)
}
