import type { AccessLine } from './AccessStore.ts'
import { networkOf } from './networkOf.ts'

/**
 * Writes refusals down without letting a flood of them fill the disk: the first of an address for one reason at once, the others of that
 * minute as one line that counts them. Beyond a hundred such in a minute all others are one line, of address `others`.
 */
export function createRefusals({ write, now }: RefusalsOptions): Refusals {
  const seen = new Map<string, Waiting>()

  async function flush(): Promise<void> {
    for (const each of seen.values()) {
      const { refusal, count } = each
      each.count = 0
      if (count > 0) await write({ ...refusal, event: 'refused', at: now(), matches: count })
    }
  }

  return {
    async note(given) {
      const isMuch = seen.size >= MOST_A_MINUTE
      const own = [networkOf(given.address), given.who, given.via, given.kind].join(' ')
      const name = isMuch && !seen.has(own) ? 'others' : own
      const known = seen.get(name)
      if (known) {
        known.count++
        return
      }
      const refusal = name === own ? given : { ...given, who: NOBODY, address: 'others', kind: 'many' }
      seen.set(name, { refusal, count: 0 })
      await write({ ...refusal, event: 'refused', at: now(), matches: 1 })
    },
    flush,
    async endMinute() {
      await flush()
      seen.clear()
    },
  }
}

export interface Refusals {
  note(refusal: Refusal): Promise<void>
  /** Writes what was counted so far. */
  flush(): Promise<void>
  /** Writes what was counted, and begins anew. */
  endMinute(): Promise<void>
}

/** `kind` is the reason. */
export type Refusal = Pick<AccessLine, 'who' | 'via' | 'address' | 'kind'>

export interface RefusalsOptions {
  readonly write: (line: AccessLine) => Promise<void>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface Waiting {
  readonly refusal: Refusal
  count: number
}

/** Who asks with nothing that the desk knows. */
export const NOBODY = 'nobody'

const MOST_A_MINUTE = 100
