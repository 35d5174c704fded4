import { cleanText } from '@waybill/trail'
import type { MapPlace, PathMap } from './PathMap.ts'

/** The map for a terminal of 80 columns. Names of services are foreign text: they are cleaned of all that a terminal obeys, and cut. */
export function mapText({ since, trails, more, claimedTrails, places, edges, ends, leftOut }: PathMap): string {
  const day = since.slice(0, 16).replace('T', ' ')
  if (trails === 0) return `No trail since ${day} UTC.`
  const lines = [`${more ? `The newest ${trails} trails` : countOf(trails, 'trail')} since ${day} UTC`, '']
  for (const [index, place] of places.entries()) {
    lines.push(
      row(nameOf(place), [countOf(place.steps, 'step'), `in ${countOf(place.trails, 'trail')}`, failed(place.failed)]),
    )
    for (const { from, to, steps, failed: failures, lastAt } of edges) {
      if (from !== index) continue
      lines.push(
        row(`  → ${nameOf(places[to]!)}`, [
          `${steps}×`,
          failed(failures),
          `last ${lastAt.slice(0, 16).replace('T', ' ')}`,
        ]),
      )
    }
  }
  lines.push('', 'Where references end')
  for (const { place, trails: count, note } of ends) {
    lines.push(row(`  ${count} of ${trails}`.padEnd(16) + nameOf(places[place]!), [], note))
  }
  if (claimedTrails > 0)
    lines.push('', `${claimedTrails} of ${countOf(trails, 'trail')} only browsers told of; those are marked "claimed".`)
  if (leftOut > 0) lines.push('', 'There are more places than fit here; some were left out.')
  return lines.join('\n')
}

const WIDTH = 80
const NAME = 44

function row(name: string, facts: readonly (string | null)[], note: string | null = null): string {
  const rest = [...facts, note].filter((each) => each !== null).join('  ')
  if (rest === '') return cut(name, WIDTH)
  const head = cut(name, NAME).padEnd(NAME)
  const line = `${head}  ${rest}`
  return line.length <= WIDTH ? line : `${cut(name, WIDTH)}\n      ${cut(rest, WIDTH - 6)}`
}

export function nameOf({ service, hop, claimed }: Pick<MapPlace, 'service' | 'hop' | 'claimed'>): string {
  return `${cut(cleanText(service), 32)} (${hop}${claimed ? ', claimed' : ''})`
}

function failed(count: number): string | null {
  return count === 0 ? null : `${count} failed`
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function cut(text: string, length: number): string {
  const symbols = [...text]
  return symbols.length <= length ? text : `${symbols.slice(0, length - 1).join('')}…`
}
