import type { Waybill } from '@waybill/browser'
import type { Handover, HandoverResult, SupportChannel } from '@waybill/browser/support'
import type { Reference } from '@waybill/reference'

/**
 * Hands a reference to a channel by `attach` or `open`, and takes it back once its action has succeeded or the session has
 * ended, unless the channel has been handed another by then. Never rejects.
 */
export async function handOver(
  way: 'attach' | 'open',
  channel: SupportChannel,
  handover: Handover | undefined,
  waybill: Waybill | undefined,
): Promise<HandoverResult> {
  try {
    if (handover && waybill) takeBackLater(channel, handover.reference, waybill)
    return await (way === 'attach' && handover ? channel.attach(handover) : channel.open(handover))
  } catch {
    // A channel of the application's own.
    return { ok: false, reason: 'refused' }
  }
}

function takeBackLater(channel: SupportChannel, reference: Reference, { session, actionOf }: Waybill): void {
  if (held.get(channel) === reference) return
  held.set(channel, reference)
  const { id } = session
  const isDone = (): boolean => actionOf(reference)?.state === 'succeeded'
  const wasDone = isDone()
  const stop = session.subscribe(() => {
    const isLast = held.get(channel) === reference
    if (isLast && session.id === id && (wasDone || !isDone())) return
    stop()
    if (!isLast) return
    held.delete(channel)
    void channel.clear()
  })
}

/** What each channel was handed last. */
const held = new WeakMap<SupportChannel, Reference>()
