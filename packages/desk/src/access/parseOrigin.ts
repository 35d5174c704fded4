/**
 * Checks that a text is an origin as browsers write it, such as `https://shop.example` or `http://localhost:3000`.
 *
 * @throws TypeError when it is anything else, because no page would ever match it.
 */
export function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (isWeb && url.origin === text) return text
  throw new TypeError(
    '[waybill] An origin for browser keys is none, so no page could use the key. Write scheme, host and port as the browser does, without a path: https://shop.example.',
  )
}
