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

/** So many rows share a write well enough, and waiting for more would only fill the queue. */
const LARGE = 4000
