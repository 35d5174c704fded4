import type { Store } from '../store/Store.ts'
import type { DeskStore } from './DeskStore.ts'
import { startWriterThread } from './startWriterThread.ts'
import type { WriterThreadOptions } from './startWriterThread.ts'

/**
 * A store whose database is a server, with bodies parsed and written in a thread of its own, and whoever looks something up answered by connections that no write
 * holds up.
 */
export function withWriterThread(
  { opened, ...store }: OpeningStore,
  { data, ...options }: WriterThreadOptions,
): DeskStore {
  // What was made up here must be the same there.
  const hashSecret = Buffer.from(store.secret).toString('base64url')
  const thread = startWriterThread({ data: { ...data, hashSecret }, ...options })
  const { takeBody, ...writes } = thread.writes
  let stopped: Promise<void> | undefined

  async function stop(): Promise<void> {
    await Promise.all([thread.stop(), store.stop()])
  }

  return {
    opened,
    takeBody,
    store: {
      ...store,
      ...writes,
      check: store.check,
      stop: () => (stopped ??= stop()),
    },
  }
}

type OpeningStore = Store & Pick<DeskStore, 'opened'>
