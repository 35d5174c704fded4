/** Tells when the page goes, comes back from the back/forward cache, is hidden, or is online again. Returns how to stop it. */
export function watchPage({ onLeave, onComeBack, onHide, onOnline }: PageWatchers): () => void {
  const listening = new AbortController()
  const { signal } = listening
  let isLeaving = false
  addEventListener(
    'pagehide',
    () => {
      isLeaving = true
      onLeave()
    },
    { signal },
  )
  addEventListener(
    'pageshow',
    ({ persisted }) => {
      isLeaving = false
      if (persisted) onComeBack()
    },
    { signal },
  )
  // On phones the last sign of a page that is closed later; on the way out it follows pagehide, which did all there is to do.
  addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden' && !isLeaving) onHide()
    },
    { signal },
  )
  addEventListener('online', onOnline, { signal })
  return () => listening.abort()
}

export interface PageWatchers {
  readonly onLeave: () => void
  readonly onComeBack: () => void
  readonly onHide: () => void
  readonly onOnline: () => void
}
