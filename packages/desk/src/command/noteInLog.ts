import type { AccessEvent } from '../access/Access.ts'
import { openAccessStore } from '../access/openAccessStore.ts'
import { commandUser } from './commandUser.ts'

/** Writes into a desk's access log what a command did on its database. */
export async function noteInLog({ database, event, trails = 0 }: NoteOptions): Promise<void> {
  const store = openAccessStore({ database })
  try {
    await store.append({ ...commandUser(), at: Date.now(), event, kind: null, matches: trails })
  } finally {
    await store.stop()
  }
}

interface NoteOptions {
  readonly database: string
  readonly event: Extract<AccessEvent, 'prune' | 'backup' | 'migrate'>
  /** How many it was about. @default 0 */
  readonly trails?: number
}
