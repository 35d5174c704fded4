import { copyText } from './copyText.ts'
import { customChannel } from './customChannel.ts'
import type { SupportChannel } from './SupportChannel.ts'

/** Copies the few lines of a handover, on `open`: nothing is put on a customer's clipboard unasked, so `attach` only remembers. */
export function clipboard(): SupportChannel {
  return customChannel({
    attach: () => 'refused',
    open: (handover) => (handover ? copyText(handover.text) : 'refused'),
    clear: () => undefined,
  })
}
