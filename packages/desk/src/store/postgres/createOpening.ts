import { postgresFault } from './postgresFault.ts'

/** What is to be done once before everything else: whoever asks waits for it. When it failed, the next who asks has it tried again, so that a server that was away is found. */
export function createOpening(open: () => Promise<void>): () => Promise<void> {
  let opening: Promise<void> | undefined
  return () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw postgresFault(error)
    }))
}
