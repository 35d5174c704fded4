import type { CallCost, CallWay } from './measureCalls.ts'
import { addedHeaderBytes, heapOver } from './Results.ts'
import type { Results } from './Results.ts'

/** A column for each contender, a line for each measure. */
export function printTable(results: Results): void {
  const { names, gzipBytes, click, start, fullStart, calls } = results

  function line(title: string, cell: (name: string) => string | number | undefined): void {
    const cells = names.map((name) => {
      const value = cell(name)
      const text = typeof value === 'number' ? shown(value) : (value ?? '')
      return text.padStart(COLUMN)
    })
    console.log(title.padEnd(TITLE) + cells.join(''))
  }

  line('', (name) => TITLES[name] ?? name)
  line('script, kB minified and gzipped', (name) => (gzipBytes.get(name) ?? 0) / 1000)
  if (start.size > 0) {
    line('  parsed, compiled and run, ms', (name) => start.get(name)?.scriptMs)
    line('set-up with an empty store, ms', (name) => start.get(name)?.setUpMs || undefined)
    line(`  with 200 actions, ${shown((fullStart?.storedCharacters ?? 0) / 1000)} kB, in store, ms`, (name) =>
      name === 'ours' ? fullStart?.setUpMs : undefined,
    )
  }
  for (const [way, costs] of calls) {
    const added = (part: (cost: CallCost) => string | number) => (name: string) => {
      const cost = costs.get(name)
      return cost && name !== 'bare' ? part(cost) : undefined
    }
    const wrapper = costs.get('handWritten')?.microseconds ?? Number.NaN
    line(WAYS[way], (name) => (name === 'bare' ? `(${shown(costs.get(name)?.bareMicroseconds ?? 0)})` : undefined))
    line(
      '  until fetch() returned, µs added a call',
      added(({ syncMicroseconds }) => syncMicroseconds),
    )
    line(
      '  while calling, µs added a call',
      added(({ inCallsMicroseconds }) => inCallsMicroseconds),
    )
    line(
      '  in all, µs added a call',
      added((cost) => `${shown(cost.microseconds)} ±${shown(cost.uncertainty)}`),
    )
    line(
      '  times the hand-written wrapper',
      added(({ microseconds }) => microseconds / wrapper),
    )
  }
  if (results.heap.size > 0) {
    line('heap after 10 000 calls, KiB over bare', (name) =>
      name === 'bare' ? undefined : heapOver(results, name).all / 1024,
    )
    line('  beside what it stores', (name) =>
      name === 'ours' ? heapOver(results, name).withoutStore / 1024 : undefined,
    )
  }
  line('one click, three calls: deliveries', (name) => click.get(name)?.deliveries.length)
  line('  bytes of their bodies', (name) => bytesOf(results, name).bodies)
  line('  bytes with their headers', (name) => bytesOf(results, name).all)
  line('bytes of headers added to a call', (name) => addedHeaderBytes(results, name))
}

/** What one click's deliveries weigh. */
export function bytesOf({ click }: Results, name: string): { bodies: number; all: number } {
  let [bodies, all] = [0, 0]
  for (const { headBytes, bodyBytes } of click.get(name)?.deliveries ?? []) {
    bodies += bodyBytes
    all += headBytes + bodyBytes
  }
  return { bodies, all }
}

/** Three digits that matter. */
export function shown(value: number): string {
  return Math.abs(value) >= 99.5 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 9.95 ? 1 : 2)
}

const TITLE = 42
const COLUMN = 15

const TITLES: Readonly<Record<string, string>> = { bare: 'bare fetch', handWritten: 'hand-written', ours: 'Waybill' }

const WAYS: Readonly<Record<CallWay, string>> = {
  click: 'three calls by a click; bare: µs a call',
  handle: 'three calls by a handle; bare: µs a call',
  background: 'background calls; bare: µs a call',
}
