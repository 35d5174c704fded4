import { customChannel } from './customChannel.ts'
import type { Handover } from './Handover.ts'
import type { SupportChannel } from './SupportChannel.ts'
import { visitAddress } from './visitAddress.ts'

/**
 * A mail to support with the reference in subject and body, as a link (RFC 6068). Nobody can tell whether the customer has a
 * mail program, so render the address as text as well.
 *
 * @throws TypeError when `to` is no address.
 */
export function mailto({ to, subject = 'Reference {reference}', visit = visitAddress }: MailtoOptions): SupportChannel {
  const at = to.lastIndexOf('@')
  if (at < 1 || at === to.length - 1 || /[\s,;\p{C}]/u.test(to)) {
    throw new TypeError(
      '[waybill] mailto got no mail address, so nobody would get the mail. Set to, such as "help@shop.example".',
    )
  }
  const base = `mailto:${encode(to.slice(0, at))}@${encode(to.slice(at + 1))}`
  const address = (handover: Handover | undefined): string =>
    handover
      ? `${base}?subject=${encode(subject.replaceAll('{reference}', () => handover.shown))}&body=${encode(handover.text.slice(0, LONGEST_BODY))}`
      : base
  return customChannel({
    attach: () => 'text',
    open(handover) {
      visit(address(handover))
      return 'text'
    },
    clear: () => undefined,
    address,
  })
}

export interface MailtoOptions {
  /** Where the mail goes, such as `help@shop.example`. */
  readonly to: string
  /** `{reference}` stands for the code. @default 'Reference {reference}' */
  readonly subject?: string | undefined
  /** Opens an address. @default the page goes there */
  readonly visit?: ((address: string) => void) | undefined
}

/** Characters. Windows hands a mail program about 2,000 in all, and each may take several when encoded. */
const LONGEST_BODY = 600

/** RFC 6068 section 5: line breaks as %0D%0A, spaces as %20. Half of a character pair would make the encoder throw. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '�').replace(/\r\n?|\n/g, '\r\n'))
}
