import { customChannel } from './customChannel.ts'
import type { SupportChannel } from './SupportChannel.ts'

/**
 * Salesforce Messaging for Web: the reference becomes a hidden pre-chat field.
 *
 * The field has to be one of the deployment's hidden pre-chat fields, a text. Salesforce takes it from its ready event until the
 * conversation begins (https://developer.salesforce.com/docs/service/messaging-web/guide/pre-chat.html) and only logs what it does
 * not accept, so `field` says that it was given, not that it was kept. It has no way to prefill a message.
 */
export function salesforce({ field = 'Waybill_Reference' }: SalesforceOptions = {}): SupportChannel {
  let value: string | undefined
  const give = (): boolean => {
    const api = findApi('prechatAPI')
    if (value !== undefined) call(api, 'setHiddenPrechatFields', { [field]: value })
    return api !== undefined
  }
  return customChannel({
    attach({ shown }) {
      value = shown
      // Given too early it is lost, and nothing tells whether it is early, so it is given once more.
      globalThis.addEventListener?.(READY, give, { once: true })
      return give() ? 'field' : 'missing'
    },
    async open(handover) {
      value = handover?.shown
      const isGiven = give()
      const api = findApi('utilAPI')
      if (!isGiven || !api) return 'missing'
      await call(api, 'launchChat')
      return 'field'
    },
    clear() {
      value = undefined
      globalThis.removeEventListener?.(READY, give)
      const api = findApi('prechatAPI')
      if (api) call(api, 'removeHiddenPrechatFields', [field])
    },
  })
}

export interface SalesforceOptions {
  /** Name of the hidden pre-chat field. @default 'Waybill_Reference' */
  readonly field?: string | undefined
}

const READY = 'onEmbeddedMessagingReady'

function findApi(name: 'prechatAPI' | 'utilAPI'): object | undefined {
  const bootstrap: unknown = Reflect.get(globalThis, 'embeddedservice_bootstrap')
  const api: unknown = typeof bootstrap === 'object' && bootstrap !== null ? Reflect.get(bootstrap, name) : undefined
  return typeof api === 'object' && api !== null ? api : undefined
}

/** @throws what Salesforce throws, and TypeError where it has no such method. */
function call(api: object | undefined, method: string, ...args: readonly unknown[]): unknown {
  return api && Reflect.apply(Reflect.get(api, method), api, args)
}
