import type { Finding } from './Finding.ts'

/** A call through the waybill that went out without a reference, to what looks like the application's own API. */
export function unlistedOriginFinding(
  { url, headers, redirected }: Response,
  tracedOrigins: readonly string[],
): Finding | undefined {
  // None where CORS hides it, or where code made the response. What was redirected was not called there.
  if (redirected || !url.startsWith('http')) return undefined
  const { origin, hostname } = new URL(url)
  const isData = /\bjson\b/.test(headers.get('content-type') ?? '')
  const isListed = [location.origin, ...tracedOrigins].includes(origin)
  if (isListed || !isData || siteOf(hostname) !== siteOf(location.hostname)) return undefined
  const message = `Calls to ${origin} carry no reference, because it is not in tracedOrigins, so support cannot see what happened there. If it is your API, add '${origin}', and let its CORS allow traceparent, trace-reference and trace-attempt.`
  return { cause: 'unlisted', origin, message }
}

/** Roughly what people register, good enough for a hint: `shop.example` of `api.shop.example`, `shop.co.uk` of `api.shop.co.uk`. */
function siteOf(hostname: string): string {
  if (/^[\d.]+$|:/.test(hostname)) return hostname
  const labels = hostname.split('.')
  const isTwoPart = labels.length > 2 && (labels.at(-2)?.length ?? 0) <= 3 && (labels.at(-1)?.length ?? 0) === 2
  return labels.slice(isTwoPart ? -3 : -2).join('.')
}
