import { useSyncExternalStore } from 'react'

/** Says that there is no connection, for as long as there is none. */
export function OfflineBanner() {
  const online = useSyncExternalStore(onConnectionChange, () => navigator.onLine)
  return (
    <div aria-live="polite" className="offline" hidden={online}>
      {!online && 'You are offline. You can look around; paying and refunds need a connection.'}
    </div>
  )
}

function onConnectionChange(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
