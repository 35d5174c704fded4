import { lengthFor, oddsOf } from '@waybill/reference/reading'
import type { WaybillOptions } from './WaybillOptions.ts'

/**
 * Says once, to a developer, that references of this length would often be shared at the traffic that was told. Bundlers drop all
 * of it from production builds.
 *
 * @throws RangeError when the traffic is no number.
 */
export function checkTraffic({ traffic, length = 9 }: WaybillOptions): void {
  if (!traffic) return
  try {
    if (process.env.NODE_ENV !== 'production') {
      const needed = lengthFor(traffic)
      if (warned || needed.length <= length) return
      warned = true
      console.warn(
        `[waybill] References of ${length} symbols are too short for ${traffic.actionsPerDay} actions a day kept for ${traffic.keptDays} days: about 1 in ${Math.round(1 / oddsOf(length, needed.live))} is shared with another action, and support would find both. Set length: ${needed.length}.`,
      )
    }
  } catch (error) {
    // Without a bundler there is no `process`, and nobody says whether this is development.
    if (error instanceof RangeError) throw error
  }
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

let warned = false
