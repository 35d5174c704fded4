import { addedHeaderBytes, heapOver } from './Results.ts'
import type { Results } from './Results.ts'
import { bytesOf, shown } from './printTable.ts'

/** What Waybill may cost, and whether it does; for what was measured. */
export function budgetsOf(results: Results): Budget[] {
  const { names, click, start, fullStart, calls, heap } = results
  const budgets: Budget[] = []
  for (const [way, costs] of calls) {
    const added = (name: string): number => costs.get(name)?.microseconds ?? Number.NaN
    const doubt = (name: string): number => (costs.get(name)?.uncertainty ?? Number.NaN) / added(name)
    const wrapper = added('handWritten')
    const ratio = added('ours') / wrapper
    budgets.push({
      what: `${way}: times the hand-written wrapper's ${shown(wrapper)} µs a call`,
      // A wrapper that seems to cost nothing was lost in noise.
      found: wrapper > 0 ? ratio : Number.NaN,
      uncertainty: ratio * Math.hypot(doubt('ours'), doubt('handWritten')),
      most: 2.5,
    })
    const peers = names.filter((name) => !['bare', 'handWritten', 'ours'].includes(name))
    for (const peer of peers)
      budgets.push({ what: `${way}: µs a call, below ${peer}`, found: added('ours'), most: added(peer) })
  }
  if (fullStart) {
    budgets.push({ what: 'set-up with an empty store, ms', found: start.get('ours')?.setUpMs ?? Number.NaN, most: 2 })
    budgets.push({ what: 'set-up with 200 actions in store, ms', found: fullStart.setUpMs, most: 2 })
  }
  if (heap.size > 0) {
    budgets.push({
      what: 'heap after 10 000 calls over bare, beside the store, KiB',
      found: heapOver(results, 'ours').withoutStore / 1024,
      most: 250,
    })
  }
  budgets.push({
    what: 'deliveries of one click with three calls',
    found: click.get('ours')?.deliveries.length ?? Number.NaN,
    most: 2,
  })
  budgets.push({ what: '  bytes of their bodies', found: bytesOf(results, 'ours').bodies, most: 3000 })
  budgets.push({ what: 'bytes of headers added to a call', found: addedHeaderBytes(results, 'ours'), most: 130 })
  return budgets
}

export interface Budget {
  readonly what: string
  readonly found: number
  /** How far off it may be, 19 times of 20. */
  readonly uncertainty?: number
  readonly most: number
}
