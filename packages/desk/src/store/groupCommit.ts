/**
 * Gathers what arrives within a few milliseconds and writes it in one go, because a durable write costs the same for one
 * row as for thousands. Each caller hears back only after the write that held its rows.
 */
export function createGroupCommit<Item, Result>({
  write,
  mostWaiting,
  mostUnderWay = 1,
}: GroupCommitOptions<Item, Result>) {
  let waiting: Entry<Item, Result>[] = []
  let count = 0
  let timer: NodeJS.Timeout | undefined
  const underWay = new Set<Promise<void>>()

  function commit(): void {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0 || underWay.size >= mostUnderWay) return
    const group = waiting
    waiting = []
    count = 0
    const settle = (results: readonly Result[]): void => group.forEach(({ resolve }, index) => resolve(results[index]!))
    const fail = (error: unknown): void => group.forEach(({ reject }) => reject(error))
    try {
      const results = write(group.map(({ items }) => items))
      if (!(results instanceof Promise)) return settle(results)
      const written = results.then(settle, fail).finally(() => {
        underWay.delete(written)
        // What came meanwhile has waited long enough.
        commit()
      })
      underWay.add(written)
    } catch (error) {
      fail(error)
    }
  }

  return {
    /** `busy`: more than `mostWaiting` items would be waiting. `too-many`: these alone are more. */
    add(items: readonly Item[]): Promise<Result> | 'busy' | 'too-many' {
      if (items.length > mostWaiting) return 'too-many'
      // Beside others there might never be room for it.
      if (items.length >= LARGE) commit()
      if (count + items.length > mostWaiting) return 'busy'
      count += items.length
      const written = new Promise<Result>((resolve, reject) => waiting.push({ items, resolve, reject }))
      if (count >= LARGE) commit()
      else timer ??= setTimeout(commit, GATHER_MS)
      return written
    },
    commit,
    /** Writes all that has come until now, and is fulfilled once nothing is under way. */
    async drain(): Promise<void> {
      commit()
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

export interface GroupCommitOptions<Item, Result> {
  /** Writes all groups or none; gives one result per group. */
  readonly write: (groups: readonly (readonly Item[])[]) => readonly Result[] | Promise<readonly Result[]>
  readonly mostWaiting: number
  /** Writes at once, where `write` gives a promise. @default 1 */
  readonly mostUnderWay?: number | undefined
}

interface Entry<Item, Result> {
  readonly items: readonly Item[]
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** About what one durable write takes on a disk, so that a lone request waits little and a crowd shares a write. */
const GATHER_MS = 4

/** So many rows share a write well enough, and waiting for more would only fill the queue. */
const LARGE = 4000
