import { useEffect, useState, useSyncExternalStore } from 'react'
import { flushSync } from 'react-dom'

/** Whether the page is being printed, so that all there is has to stand on it. */
export function usePrinting(): boolean {
  const [isAnnounced, setAnnounced] = useState(false)
  useEffect(() => {
    // The browser takes what the page is when the event's listeners have come to their end.
    const before = (): void => flushSync(() => setAnnounced(true))
    const after = (): void => setAnnounced(false)
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [])
  // A preview, and what imitates paper, say so by the medium alone.
  const isMedium = useSyncExternalStore(subscribe, () => matchMedia('print').matches)
  return isAnnounced || isMedium
}

function subscribe(onChange: () => void): () => void {
  const print = matchMedia('print')
  print.addEventListener('change', onChange)
  return () => print.removeEventListener('change', onChange)
}
