import { parentPort, workerData } from 'node:worker_threads'
import { createWriter } from './createWriter.ts'
import type { WriterThreadData, WriterThreadCall, Writes } from './startWriterThread.ts'

/** The thread in which a desk writes; `startWriterThread` starts it and says what to do. It ends when it is told to stop. */
const port = parentPort!
let clock = Date.now()
const { store, takeBody } = createWriter({ ...(workerData as WriterThreadData), now: () => clock })
const writes: Writes = { ...store, takeBody }
const underWay = new Set<Promise<void>>()

port.on('message', (message: WriterThreadCall | 'stop') => {
  if (message === 'stop') {
    void stop()
    return
  }
  clock = message.now
  const answered = answer(message)
  underWay.add(answered)
  void answered.then(() => underWay.delete(answered))
})

async function answer({ id, method, args }: WriterThreadCall): Promise<void> {
  try {
    const value: unknown = await Reflect.apply(writes[method], undefined, args)
    port.postMessage({ id, value })
  } catch (error) {
    // Only an error's own words survive the way; the rest, such as SQLite's code, goes beside it.
    port.postMessage({ id, error, details: { ...(error as object) } })
  }
}

async function stop(): Promise<void> {
  await store.stop()
  await Promise.all(underWay)
  port.close()
}
