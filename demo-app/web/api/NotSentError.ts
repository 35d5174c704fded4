/** A call that never left the device: there was no connection from its beginning to its end. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError'
}

/** A `fetch` that tells failures of which nothing was sent from those of which nobody knows. */
export function tellingNotSent(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (...args) => {
    let isOffline = !navigator.onLine
    const onOnline = () => void (isOffline = false)
    addEventListener('online', onOnline)
    try {
      return await fetch(...args)
    } catch (error) {
      if (isOffline && !navigator.onLine && error instanceof TypeError)
        throw new NotSentError('The call was made without a connection.', { cause: error })
      throw error
    } finally {
      removeEventListener('online', onOnline)
    }
  }
}
