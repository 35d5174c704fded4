import type { Probe } from './createProbe.ts'
import type { Finding } from './Finding.ts'
import type { ObservedCall } from './observedCall.ts'

/** Why the desk, or whatever collector stands in its place, did not take a delivery. */
export async function deliveryFinding(
  { url }: ObservedCall,
  outcome: { readonly response: Response } | { readonly error: unknown },
  probe: Probe,
): Promise<Finding | undefined> {
  if ('response' in outcome) return answerFinding(url, outcome.response)
  const { error } = outcome
  if (!(error instanceof Error) || error.name === 'AbortError' || !navigator.onLine) return undefined
  const { origin } = url
  const place = placeOf(url)
  const say = (cause: string, message: string): Finding => ({ cause, origin, message: `${message} ${KEPT}` })
  if (await probe.answers(url.href)) {
    if (error.name === 'TimeoutError')
      return say('desk slow', `The desk at ${place} took the steps but did not answer in time.`)
    if (origin === location.origin) {
      return say(
        'desk broken',
        `The desk at ${place} broke off a delivery. See its log, and that of the proxy before it.`,
      )
    }
    return say(
      'desk cors',
      `The desk at ${place} does not answer this page: its CORS does not allow deliveries. Its server must send:\n  Access-Control-Allow-Origin: ${location.origin}\n  Access-Control-Allow-Headers: content-type\nor set deliverTo to a path of your own origin and forward it.`,
    )
  }
  if (await probe.isForbidden(url.href)) {
    return say(
      'desk policy',
      `This page's Content-Security-Policy forbids deliveries to ${origin}. Add it to connect-src.`,
    )
  }
  return (await probe.answers(origin))
    ? say(
        'desk blocked',
        `Something in this browser stops deliveries to ${place} while ${origin} answers: an ad blocker, most likely. Choose a duller path on your own origin, or set fallbackTo.`,
      )
    : say(
        'desk unreachable',
        `Nothing answers at ${origin}, where steps are delivered. Is the desk running? Is deliverTo right?`,
      )
}

async function answerFinding(url: URL, response: Response): Promise<Finding | undefined> {
  const { origin } = url
  const { status } = response
  const place = placeOf(url)
  const say = (cause: string, message: string): Finding => ({ cause, origin, message: `${message} ${KEPT}` })
  if (status === 401 || status === 403) {
    return say(
      'desk key',
      `The desk at ${place} refuses the key (${status}). Set key to its browser key (the desk's WAYBILL_BROWSER_KEY), not to its ingest key or its token.`,
    )
  }
  if (status === 404 || status === 405) {
    return say(
      'desk path',
      `Nothing takes steps at ${place} (${status}). deliverTo is a base URL to which /v1/traces is added; check it, and the proxy's path.`,
    )
  }
  if (!response.ok || isAnswer(await response.text())) return undefined
  return say(
    'desk page',
    `Something answers deliveries to ${place} with ${status} but is no collector: a web page, most likely the app's own fallback page or a network's sign-in. Send this path on to the desk.`,
  )
}

/** OTLP answers with a JSON object, some collectors with nothing. */
function isAnswer(text: string): boolean {
  try {
    return text === '' || JSON.parse(text) instanceof Object
  } catch {
    return false
  }
}

/** Without the query, which holds the key. */
function placeOf({ origin, pathname }: URL): string {
  return origin + pathname
}

const KEPT = 'Steps stay on the device and support cannot find them yet.'
