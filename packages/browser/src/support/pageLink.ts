import { customChannel } from './customChannel.ts'
import type { Handover } from './Handover.ts'
import type { SupportChannel } from './SupportChannel.ts'
import { visitAddress } from './visitAddress.ts'

/**
 * A page of your own, such as a contact form: `urlOf` puts the reference into its address, and is called with nothing when
 * there is none. Only http and https are visited; where `urlOf` fails the address is empty and nothing is attached.
 *
 * ```ts
 * pageLink((handover) => `/contact${handover ? `?reference=${handover.reference}` : ''}`)
 * ```
 */
export function pageLink(
  urlOf: (handover: Handover | undefined) => string,
  { visit = visitAddress }: PageLinkOptions = {},
): SupportChannel {
  return customChannel({
    attach: (handover) => (isWebAddress(urlOf(handover)) ? 'text' : 'refused'),
    open(handover) {
      const address = urlOf(handover)
      if (!isWebAddress(address)) return 'refused'
      visit(address)
      return 'text'
    },
    clear: () => undefined,
    address(handover) {
      try {
        const address = urlOf(handover)
        return isWebAddress(address) ? address : ''
      } catch {
        return ''
      }
    },
  })
}

export interface PageLinkOptions {
  /** Opens an address. @default the page goes there */
  readonly visit?: ((address: string) => void) | undefined
}

function isWebAddress(address: string): boolean {
  // On a server there is no page to be relative to.
  const base = typeof document === 'undefined' ? 'https://page.invalid' : document.baseURI
  return /^https?:$/.test(URL.parse(address, base)?.protocol ?? '')
}
