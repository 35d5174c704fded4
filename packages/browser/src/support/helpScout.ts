import { customChannel } from './customChannel.ts'
import { globalFunction } from './globalFunction.ts'
import type { SupportChannel } from './SupportChannel.ts'
import { tried } from './tried.ts'

/**
 * Help Scout's Beacon: the reference stands in the note that the conversation begins with, and opening prefills the form.
 *
 * `session-data` belongs to the next conversation only, at most 20 entries; its embed code queues calls until it has loaded
 * (https://developer.helpscout.com/beacon-2/web/javascript-api/).
 */
export function helpScout({ field = 'Reference' }: HelpScoutOptions = {}): SupportChannel {
  let isPrefilled = false
  const find = () => globalFunction('Beacon')
  return customChannel({
    attach({ shown }) {
      const call = find()
      if (!call) return 'missing'
      call('session-data', { [field]: shown })
      return 'field'
    },
    open(handover) {
      const call = find()
      if (!call) return 'missing'
      const isInField = handover !== undefined && tried(() => call('session-data', { [field]: handover.shown }))
      if (handover) {
        tried(() => call('prefill', { subject: handover.shown, text: handover.text }))
      } else if (isPrefilled) {
        // Not in `clear`: the customer may be writing in that form just then.
        tried(() => call('prefill', { subject: '', text: '' }))
      }
      isPrefilled = handover !== undefined
      call('open')
      call('navigate', '/ask/')
      return isInField ? 'field' : 'text'
    },
    clear: () => find()?.('session-data', { [field]: '' }),
  })
}

export interface HelpScoutOptions {
  /** Label that agents read. @default 'Reference' */
  readonly field?: string | undefined
}
