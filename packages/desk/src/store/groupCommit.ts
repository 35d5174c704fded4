/**
 * Gathers what arrives within a few milliseconds and writes it in one go, because a durable write costs the same for one
 * row as for thousands. Each caller hears back only after the write that held its rows.
 */
export function createGroupCommit<Item, Result>({ write, mostWaiting }: GroupCommitOptions<Item, Result>) {
  let waiting: Entry<Item, Result>[] = []
  let count = 0
  let timer: NodeJS.Timeout | undefined

  function commit(): void {
    clearTimeout(timer)
    timer = undefined
    const group = waiting
    waiting = []
    count = 0
    if (group.length === 0) return
    try {
      const results = write(group.map((entry) => entry.items))
      group.forEach((entry, index) => entry.resolve(results[index]!))
    } catch (error) {
      for (const entry of group) entry.reject(error)
    }
  }

  return {
    /** Null when more than `mostWaiting` items would be waiting. */
    add(items: readonly Item[]): Promise<Result> | null {
      if (count + items.length > mostWaiting) return null
      count += items.length
      timer ??= setTimeout(commit, GATHER_MS)
      return new Promise((resolve, reject) => waiting.push({ items, resolve, reject }))
    },
    commit,
  }
}

export interface GroupCommitOptions<Item, Result> {
  /** Writes all groups or none; gives one result per group. */
  readonly write: (groups: readonly (readonly Item[])[]) => readonly Result[]
  readonly mostWaiting: number
}

interface Entry<Item, Result> {
  readonly items: readonly Item[]
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** About what one durable write takes on a disk, so that a lone request waits little and a crowd shares a write. */
const GATHER_MS = 4
