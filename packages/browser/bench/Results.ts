import type { CallCost, CallWay } from './measureCalls.ts'
import type { ClickCost } from './measureClick.ts'
import type { HeapCost } from './measureHeap.ts'
import type { StartCost } from './measureStart.ts'

/** What was measured, by contender; what was left out is empty. */
export interface Results {
  /** Contenders, `bare` and `handWritten` and `ours` among them. */
  readonly names: readonly string[]
  readonly gzipBytes: ReadonlyMap<string, number>
  readonly click: ReadonlyMap<string, ClickCost>
  readonly start: ReadonlyMap<string, StartCost>
  /** Of ours, with 200 actions in store. */
  readonly fullStart: StartCost | undefined
  readonly calls: ReadonlyMap<CallWay, ReadonlyMap<string, CallCost>>
  readonly heap: ReadonlyMap<string, HeapCost>
}

/** What a contender keeps on the heap more than bare fetch does; the store counts for what it may hold at most. */
export function heapOver({ heap }: Results, name: string): { all: number; withoutStore: number } {
  const { bytes, clearedBytes } = heap.get(name) ?? { bytes: Number.NaN, clearedBytes: Number.NaN }
  const all = bytes - (heap.get('bare')?.bytes ?? Number.NaN)
  return { all, withoutStore: all - Math.min(bytes - clearedBytes, STORE_BOUND) }
}

/** What a contender's calls carry more than bare fetch's, at most: names and values with colon, space and line end. */
export function addedHeaderBytes({ click }: Results, name: string): number {
  const plain = new Set(click.get('bare')?.calls.flatMap(({ headers }) => Object.keys(headers)))
  const added = (click.get(name)?.calls ?? []).map(({ headers }) =>
    Object.entries(headers)
      .filter(([header]) => !plain.has(header))
      .reduce((bytes, [header, value]) => bytes + header.length + String(value).length + 4, 0),
  )
  return Math.max(...added)
}

const STORE_BOUND = 256 * 1024
