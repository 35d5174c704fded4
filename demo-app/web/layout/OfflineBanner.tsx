import { useOnline } from './useOnline.ts'

/** Says that there is no connection, for as long as there is none. */
export function OfflineBanner() {
  const online = useOnline()
  return (
    <div aria-live="polite" className="offline" hidden={online}>
      {!online && 'You are offline. You can look around; paying and refunds need a connection.'}
    </div>
  )
}
