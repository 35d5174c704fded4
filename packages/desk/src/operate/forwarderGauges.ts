import type { Forwarder } from '../forward/createForwarder.ts'
import type { GaugeSource } from './createMetrics.ts'

/** How much waits for the collector; nothing where there is none. */
export function forwarderGauges(
  forwarder: Pick<Forwarder, 'stats'> | undefined,
): Readonly<Record<string, GaugeSource>> {
  if (!forwarder) return {}
  return {
    forward_queue_bytes: {
      help: 'What waits in memory for the collector',
      read: () => forwarder.stats().queueBytes,
    },
  }
}
