import { customChannel } from './customChannel.ts'
import type { Handover } from './Handover.ts'
import { globalFunction } from './globalFunction.ts'
import type { VendorFunction } from './globalFunction.ts'
import type { SupportChannel } from './SupportChannel.ts'
import { tried } from './tried.ts'

/**
 * Zendesk, both widgets. Messaging: the reference becomes a conversation field, which has to be a custom ticket field that end
 * users may edit, and which Zendesk adds with the customer's next message, kept until it is cleared
 * (https://developer.zendesk.com/api-reference/widget-messaging/web/core/#set-conversation-fields). Messaging cannot prefill, so
 * without `fieldId` the answer is `refused`. Classic: the field if given, and the description of the contact form, by
 * `updateSettings`, because `prefill` knows only name, e-mail and phone (https://developer.zendesk.com/api-reference/widget/core/).
 */
export function zendesk({ fieldId }: ZendeskOptions = {}): SupportChannel {
  const id = fieldId === undefined ? undefined : String(fieldId)

  function give(zE: VendorFunction, handover: Handover | undefined): 'field' | 'text' | 'refused' {
    const { shown = '', text = '' } = handover ?? {}
    if (isClassic(zE)) {
      const fields = [{ id: 'description', prefill: { '*': text } }]
      if (id !== undefined) fields.unshift({ id, prefill: { '*': shown } })
      zE('webWidget', 'updateSettings', { webWidget: { contactForm: { fields } } })
      return id === undefined ? 'text' : 'field'
    }
    if (id === undefined) return 'refused'
    zE('messenger:set', 'conversationFields', [{ id, value: shown }])
    return 'field'
  }

  return customChannel({
    attach(handover) {
      const zE = globalFunction('zE')
      return zE ? give(zE, handover) : 'missing'
    },
    open(handover) {
      const zE = globalFunction('zE')
      if (!zE) return 'missing'
      let answer: ReturnType<typeof give> = 'refused'
      if (handover) tried(() => (answer = give(zE, handover)))
      else answer = 'text'
      const scope = isClassic(zE) ? 'webWidget' : 'messenger'
      // A site may keep the widget hidden until somebody needs it.
      zE(scope, 'show')
      zE(scope, 'open')
      return answer
    },
    clear() {
      const zE = globalFunction('zE')
      if (zE) give(zE, undefined)
    },
  })
}

export interface ZendeskOptions {
  /** Id of the custom ticket field, from Admin Center. @default none */
  readonly fieldId?: string | number | undefined
}

/** `zE.widget` is `classic` or `messenger`. */
function isClassic(zE: VendorFunction): boolean {
  return Reflect.get(zE, 'widget') === 'classic'
}
