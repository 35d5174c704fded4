/**
 * An address at the desk below the base URL of an option.
 *
 * @throws TypeError when that is not an http or https address.
 */
export function deskEndpoint(option: 'deliverTo' | 'deskUrl', base: string, path: `/${string}`): string {
  const { protocol } = URL.parse(base) ?? {}
  if (protocol === 'http:' || protocol === 'https:') return base.replace(/\/+$/, '') + path
  throw new TypeError(`[waybill] The desk needs an address to report to. Pass ${option}: "https://desk.shop.example".`)
}
