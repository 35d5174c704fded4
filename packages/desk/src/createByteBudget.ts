/**
 * Bounds what all bodies under way hold in memory together, from the first byte that was read until they are answered.
 */
export function createByteBudget(mostBytes: number): ByteBudget {
  let held = 0
  return {
    held: () => held,
    async hold(work) {
      let own = 0
      try {
        return await work((bytes) => {
          if (own + bytes > mostBytes) return 'size'
          if (held + bytes > mostBytes) return 'busy'
          own += bytes
          held += bytes
          return 'reserved'
        })
      } finally {
        held -= own
      }
    },
  }
}

export interface ByteBudget {
  /** Bytes that are reserved now. */
  readonly held: () => number
  /** Runs what reads one body and works on it; what that reserved is free again afterwards. */
  readonly hold: <Result>(work: (reserve: Reserve) => Promise<Result>) => Promise<Result>
}

/** Reserves bytes before they are kept. `busy`: others hold too many. `size`: one body alone would be over the budget. */
export type Reserve = (bytes: number) => 'reserved' | 'busy' | 'size'
