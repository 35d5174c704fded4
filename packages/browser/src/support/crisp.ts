import { customChannel } from './customChannel.ts'
import type { SupportChannel } from './SupportChannel.ts'
import { tried } from './tried.ts'

/**
 * Crisp: the reference becomes session data beside the conversation, and opening prefills the message.
 *
 * `$crisp.push` works before the chat box has loaded, values are strings
 * (https://docs.crisp.chat/guides/chatbox-sdks/web-sdk/dollar-crisp/), and an empty value clears a key
 * (https://help.crisp.chat/en/article/how-to-automatically-push-custom-data-from-the-chatbox-with-the-crisp-js-sdk-1xh7pqk/).
 */
export function crisp({ field = 'waybill_reference' }: CrispOptions = {}): SupportChannel {
  let prefilled: string | undefined
  const setField = (crisp: Crisp, value: string): unknown => crisp.push(['set', 'session:data', [[[field, value]]]])
  return customChannel({
    attach({ shown }) {
      const crisp = findCrisp()
      if (!crisp) return 'missing'
      setField(crisp, shown)
      return 'field'
    },
    open(handover) {
      const crisp = findCrisp()
      if (!crisp) return 'missing'
      const isInField = handover !== undefined && tried(() => setField(crisp, handover.shown))
      if (handover && tried(() => crisp.push(['set', 'message:text', [handover.text]]))) prefilled = handover.text
      // A site may keep the chat box hidden until somebody needs it.
      crisp.push(['do', 'chat:show'])
      crisp.push(['do', 'chat:open'])
      return isInField ? 'field' : 'text'
    },
    clear() {
      const crisp = findCrisp()
      if (!crisp) return
      setField(crisp, '')
      // Only our own words are taken back, never what the customer has written. `get` comes with the chat box.
      if (prefilled !== undefined && crisp.get?.('message:text') === prefilled) {
        crisp.push(['set', 'message:text', ['']])
      }
      prefilled = undefined
    },
  })
}

export interface CrispOptions {
  /** Key of the session data: lower case letters, digits, `_` and `-`. @default 'waybill_reference' */
  readonly field?: string | undefined
}

/** An array until the chat box takes it over. */
interface Crisp {
  push(command: readonly unknown[]): unknown
  get?: (name: string) => unknown
}

function findCrisp(): Crisp | undefined {
  const value: unknown = Reflect.get(globalThis, '$crisp')
  const isCrisp = typeof value === 'object' && value !== null && typeof Reflect.get(value, 'push') === 'function'
  return isCrisp ? (value as Crisp) : undefined
}
