import type { Handover } from './Handover.ts'
import type { HandoverResult, SupportChannel } from './SupportChannel.ts'

/**
 * A channel of your own, for a chat or form that has none here. The steps may throw, reject and be called at any time; the
 * channel made of them never does, and `open()` without a handover gets the one attached last.
 *
 * ```ts
 * const channel = customChannel({
 *   attach({ shown }) {
 *     if (!window.OurChat) return 'missing'
 *     window.OurChat.setField('reference', shown)
 *     return 'field'
 *   },
 *   open() {
 *     window.OurChat.open()
 *     return 'field'
 *   },
 *   clear: () => window.OurChat?.setField('reference', ''),
 * })
 * ```
 */
export function customChannel({ attach, open, clear, address }: ChannelSteps): SupportChannel {
  let attached: Handover | undefined
  return {
    attach(handover) {
      attached = handover
      return resultOf(() => attach(handover))
    },
    open: (handover = attached) => resultOf(() => open(handover)),
    async clear() {
      attached = undefined
      await resultOf(async (): Promise<ChannelAnswer> => {
        await clear()
        return 'field'
      })
    },
    ...(address && { address }),
  }
}

export interface ChannelSteps {
  readonly attach: (handover: Handover) => ChannelAnswer | PromiseLike<ChannelAnswer>
  readonly open: (handover: Handover | undefined) => ChannelAnswer | PromiseLike<ChannelAnswer>
  readonly clear: () => unknown
  /** Must not throw. */
  readonly address?: ((handover: Handover | undefined) => string) | undefined
}

/** How the reference was handed over, or why it was not; throwing means `refused`. */
export type ChannelAnswer = 'field' | 'text' | 'copied' | 'shared' | 'missing' | 'refused'

/** The step begins at once, because clipboards and share sheets need the customer's click still on the stack. */
async function resultOf(step: () => ChannelAnswer | PromiseLike<ChannelAnswer>): Promise<HandoverResult> {
  try {
    const answer = await step()
    if (answer === 'missing' || answer === 'refused') return { ok: false, reason: answer }
    return { ok: true, how: answer }
  } catch {
    return { ok: false, reason: 'refused' }
  }
}
