import type { AccessEvent } from '../access/Access.ts'
import { openAccessStore } from '../access/openAccessStore.ts'
import { commandUser } from './commandUser.ts'

/** Writes into a desk's access log what a command did on its database. */
export async function noteInLog({ database, accessDatabase, event, trails = 0 }: NoteOptions): Promise<void> {
  const store = openAccessStore({ database, accessDatabase })
  try {
    await store.append({ ...commandUser(), at: Date.now(), event, kind: null, matches: trails })
  } finally {
    await store.stop()
  }
}

interface NoteOptions {
  readonly database: string
  /** See `openAccessStore`. */
  readonly accessDatabase?: string | undefined
  readonly event: Extract<AccessEvent, 'prune' | 'backup' | 'migrate'>
  /** How many it was about. @default 0 */
  readonly trails?: number
}
