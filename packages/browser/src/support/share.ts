import { copyText } from './copyText.ts'
import { customChannel } from './customChannel.ts'
import type { SupportChannel } from './SupportChannel.ts'

/**
 * The device's own share sheet, on `open`, which has to be called from a click. Where there is none, the text is copied. A
 * customer who closes the sheet has `refused`; nothing else is tried then.
 */
export function share(): SupportChannel {
  return customChannel({
    attach: () => 'refused',
    async open(handover) {
      if (!handover) return 'refused'
      const data = { text: handover.text }
      if (typeof navigator === 'undefined' || !navigator.canShare?.(data)) return copyText(handover.text)
      try {
        await navigator.share(data)
        return 'shared'
      } catch (error) {
        return error instanceof DOMException && error.name === 'AbortError' ? 'refused' : copyText(handover.text)
      }
    },
    clear: () => undefined,
  })
}
