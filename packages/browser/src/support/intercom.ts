import { customChannel } from './customChannel.ts'
import { globalFunction } from './globalFunction.ts'
import type { SupportChannel } from './SupportChannel.ts'
import { tried } from './tried.ts'

/**
 * Intercom's Messenger: the reference becomes a custom attribute of the person, and opening prefills a new message.
 *
 * `update` may be called before the Messenger has loaded, 20 times per 30 minutes
 * (https://developers.intercom.com/installing-intercom/web/methods), and an empty string shows as unknown
 * (https://developers.intercom.com/installing-intercom/web/attributes-objects). The attribute has to exist in your workspace
 * and to allow updates by the Messenger. `showNewMessage` prefills, while `startConversation` would send in the customer's name.
 */
export function intercom({ field = 'waybill_reference' }: IntercomOptions = {}): SupportChannel {
  const find = () => globalFunction('Intercom')
  return customChannel({
    attach({ shown }) {
      const call = find()
      if (!call) return 'missing'
      call('update', { [field]: shown })
      return 'field'
    },
    open(handover) {
      const call = find()
      if (!call) return 'missing'
      if (!handover) {
        call('show')
        return 'text'
      }
      const isInField = tried(() => call('update', { [field]: handover.shown }))
      const isInText = tried(() => call('showNewMessage', handover.text))
      if (!isInText) return 'refused'
      return isInField ? 'field' : 'text'
    },
    clear: () => find()?.('update', { [field]: '' }),
  })
}

export interface IntercomOptions {
  /** Name of the custom attribute. @default 'waybill_reference' */
  readonly field?: string | undefined
}
