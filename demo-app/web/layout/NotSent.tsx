import { useOnline } from './useOnline.ts'

/** Why an attempt that never left came to nothing. It stays true when the connection is back. */
export function NotSent() {
  return useOnline() ? 'You were offline. This attempt was not sent.' : 'You are offline. This attempt was not sent.'
}
