import { useEffect, useRef } from 'react'

/** Does something again when the browser is online once more; nothing while `isOffline` is false. */
export function useWhenOnline(isOffline: boolean, again: () => unknown): void {
  const newest = useRef(again)
  useEffect(() => {
    newest.current = again
  })
  useEffect(() => {
    if (!isOffline) return undefined
    const onOnline = (): void => void newest.current()
    addEventListener('online', onOnline)
    return () => removeEventListener('online', onOnline)
  }, [isOffline])
}
