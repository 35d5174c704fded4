import { mailto } from '@waybill/browser/support'
import { ContactSupport } from '@waybill/react'

/** The shop's way to support where a story is not about another: a mail. */
export const SHOP_MAIL = <ContactSupport channel={mailto({ to: 'help@shop.example' })} />
