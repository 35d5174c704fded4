/**
 * The status that Next.js answers with when this is thrown: `redirect()`, `notFound()`, `forbidden()` and `unauthorized()` throw. So do the ways
 * in which it gives up prerendering, where there is nobody to answer: 204. Undefined for what went wrong.
 */
export function answerOf(thrown: unknown): number | undefined {
  const digest = digestOf(thrown)
  const status = /^NEXT_(?:HTTP_ERROR_FALLBACK;|REDIRECT;.*;)(\d{3});?$/.exec(digest)?.[1]
  if (status) return Number(status)
  return PRERENDERING.test(digest) ? 204 : undefined
}

/** What Next.js tells a page of an error of its server's; empty where there is none. */
export function digestOf(thrown: unknown): string {
  const { digest } = Object(thrown)
  return typeof digest === 'string' ? digest : ''
}

const PRERENDERING =
  /^(?:DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION|NEXT_PRERENDER_INTERRUPTED)/
