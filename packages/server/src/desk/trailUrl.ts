import type { Reference } from '@waybill/reference'

/**
 * Makes addresses of trails at a desk, for links in alerts and tickets. Knowing an address opens nothing: the desk asks who wants to see it.
 *
 * @throws TypeError when the desk's address is none that can be linked to: http or https, without a password, query or fragment.
 */
export function createTrailUrls(deskUrl: string): (reference: Reference) => string {
  const { protocol, username, password, search, hash, href } = URL.parse(deskUrl) ?? {}
  if ((protocol !== 'http:' && protocol !== 'https:') || username || password || search || hash || !href) {
    throw new TypeError(
      '[waybill] The desk’s address cannot be linked to. Pass deskUrl: "https://desk.shop.example", with nothing secret in it.',
    )
  }
  // Slack’s grammar of links has a meaning of its own for a bar.
  const base = href.replaceAll('|', '%7C').replace(/\/*$/, '/trail/')
  return (reference) => base + reference
}
