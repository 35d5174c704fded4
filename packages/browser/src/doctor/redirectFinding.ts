import type { Probe } from './createProbe.ts'
import { TRACED_HEADERS } from './corsFinding.ts'
import type { Finding } from './Finding.ts'
import type { ObservedCall } from './observedCall.ts'

/** Why a traced call failed without an answer, where it was redirected to an origin that refuses our headers. */
export async function redirectFinding(
  { url, method, signal, credentials }: ObservedCall,
  error: unknown,
  probe: Probe,
): Promise<Finding | undefined> {
  // What only reads may be asked for once more; a caller may abort with any reason.
  const isLost = error instanceof TypeError && NOT_REACHED.test(error.message) && !signal?.aborted
  if (method !== 'GET' || !isLost || !navigator.onLine) return undefined
  const { origin, pathname, href } = url
  const end = await probe.redirectOf(href, { credentials })
  const target = end ? new URL(end).origin : origin
  if (target === origin || (await probe.allows(href, { credentials, headers: TRACED_HEADERS }))) return undefined
  const message = `${origin}${pathname} redirects to ${target}, which refuses calls that carry a reference, so they fail. If that origin is yours, let its CORS allow ${TRACED_HEADERS.join(', ')}. If not, send these calls unmarked, by this option of createWaybill:\n  untracedPaths: ['${pathname}']`
  return { cause: `redirect of ${pathname}`, origin, message }
}

/** How Chromium, Firefox and Safari say that no answer came; whatever else they say, nothing was sent. */
const NOT_REACHED = /^(Failed to fetch|NetworkError|Load failed)/
