import { TRACE_ATTEMPT, TRACE_REFERENCE } from '@waybill/reference'
import type { Probe } from './createProbe.ts'
import type { Finding } from './Finding.ts'
import type { ObservedCall } from './observedCall.ts'

/** Why a traced call to another origin failed without an answer, where CORS or this page's own policy is why. */
export async function corsFinding(
  { url, credentials }: ObservedCall,
  error: unknown,
  probe: Probe,
): Promise<Finding | undefined> {
  if (!(error instanceof TypeError) || url.origin === location.origin || !navigator.onLine) return undefined
  const { origin, href } = url
  if (!(await probe.answers(href))) {
    if (!(await probe.isForbidden(href))) return undefined
    const message = `This page's Content-Security-Policy forbids calls to ${origin}, so they fail before they leave. Add ${origin} to connect-src.`
    return { cause: 'policy', origin, message }
  }
  if (await probe.allows(href, { credentials, headers: TRACED_HEADERS })) return undefined
  if (!(await probe.allows(href, { credentials, headers: [] }))) {
    const message = `${origin} does not answer this page: its CORS does not allow ${location.origin}, so its calls fail. Its server must send:\n${answerHeaders(credentials)}`
    return { cause: 'cors', origin, message }
  }
  const refused = await refusedBy(probe, href, credentials)
  const message = `${origin} refuses calls that carry a reference: its CORS does not allow ${refused.join(', ')}, so its calls fail. Its server must send, to OPTIONS as well:\n${answerHeaders(credentials)}\nUntil it does, take ${origin} out of tracedOrigins.`
  return { cause: 'cors', origin, message }
}

/** In lower case, as CORS compares and browsers send them. */
export const TRACED_HEADERS = ['traceparent', TRACE_REFERENCE, TRACE_ATTEMPT].map((name) => name.toLowerCase())

async function refusedBy(probe: Probe, href: string, credentials: RequestCredentials): Promise<string[]> {
  const answers = await Promise.all(TRACED_HEADERS.map((name) => probe.allows(href, { credentials, headers: [name] })))
  const refused = TRACED_HEADERS.filter((_, index) => !answers[index])
  return refused.length > 0 ? refused : TRACED_HEADERS
}

/** Exactly what a server has to send for our calls. */
function answerHeaders(credentials: RequestCredentials): string {
  return [
    `  Access-Control-Allow-Origin: ${location.origin}`,
    ...(credentials === 'include' ? ['  Access-Control-Allow-Credentials: true'] : []),
    `  Access-Control-Allow-Headers: ${TRACED_HEADERS.join(', ')} (besides those it allows now)`,
    `  Access-Control-Expose-Headers: ${TRACE_REFERENCE.toLowerCase()} (only for pages that read it from answers)`,
  ].join('\n')
}
