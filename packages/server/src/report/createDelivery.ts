import { halvesOf, unzipped } from './parcel.ts'
import type { Parcel } from './parcel.ts'
import { postParcel } from './postParcel.ts'
import type { PostOptions, PostResult } from './postParcel.ts'
import { retryDelayMs } from './retryDelay.ts'

/**
 * Brings parcels to the desk, several at a time. What it does not take for now stays, and is sent again when the desk asks for it or
 * an ever longer delay is over, at first by one request alone.
 */
export function createDelivery({ tell, onTaken, onTooLarge, ...post }: DeliveryOptions): Delivery {
  /** Those that wait, the oldest first. */
  const parcels: Numbered[] = []
  const inFlight = new Map<Promise<void>, Numbered>()
  let waiting = 0
  let added = 0
  let failures = 0
  let trouble = ''
  let retryMs = 0
  /** Runs while the desk is left alone. */
  let pause: NodeJS.Timeout | undefined
  let warning = ''
  let compressed: 'untried' | 'taken' | 'refused' = 'untried'

  function putBack({ number }: Numbered, ...back: readonly Parcel[]): void {
    parcels.unshift(...back.map((parcel) => ({ ...parcel, number })))
    for (const { count } of back) waiting += count
  }

  function send(): void {
    if (pause) return
    while (inFlight.size < (failures > 0 ? 1 : MOST_IN_FLIGHT)) {
      const parcel = parcels.shift()
      if (!parcel) return
      waiting -= parcel.count
      const sending = deliver(parcel)
        .catch((error: unknown) => tell(`${parcel.count} steps are lost by a fault of ours.`, error))
        .finally(() => {
          inFlight.delete(sending)
          send()
        })
      inFlight.set(sending, parcel)
    }
  }

  async function deliver(sent: Numbered): Promise<void> {
    const parcel = compressed === 'refused' ? await unzipped(sent) : sent
    const result = await postParcel(parcel, post)
    switch (result.verdict) {
      case 'later':
        putBack(sent, parcel)
        return leaveAlone(result)
      case 'too large':
        if (parcel.count === 1)
          return tell('The desk finds a single step too large, so it is lost. Note fewer or shorter facts.')
        onTooLarge(parcel.count)
        return putBack(sent, ...(await halvesOf(parcel)))
      case 'refused':
        if (!parcel.isZipped || compressed === 'taken')
          return tell(
            `The desk refused ${parcel.count} steps for good (${result.reason}), so they are lost. Check that both sides have one version.`,
          )
        // A receiver that cannot decompress answers in the same words as one to which the steps make no sense.
        compressed = 'refused'
        return putBack(sent, parcel)
      case 'taken':
        if (parcel.isZipped) compressed = 'taken'
        failures = 0
        hear(result)
        return onTaken()
      default:
        return result satisfies never
    }
  }

  function leaveAlone({ reason, isBusy, retryAfter }: PostResult & { verdict: 'later' }): void {
    // Others that were in flight fail for the same reason.
    if (pause) return
    trouble = reason
    retryMs = retryDelayMs(++failures, { retryAfter })
    pause = setTimeout(resume, retryMs).unref()
    if (failures > 1 || post.signal.aborted) return
    tell(
      isBusy
        ? `The desk takes no more steps right now (${reason}). They wait and are sent again; if it says so often, it needs a faster machine.`
        : `The desk did not take steps (${reason}). They wait and are sent again; check its address and key.`,
    )
  }

  function hear({ refused, message }: PostResult & { verdict: 'taken' }): void {
    if (refused > 0)
      tell(
        `The desk could not read ${refused} steps, so they are lost. Check that the namespace is the same on both sides.`,
        message,
      )
    else if (message && message !== warning) {
      warning = message
      tell('The desk took the steps, but not all that they hold.', warning)
    }
  }

  function resume(): void {
    clearTimeout(pause)
    pause = undefined
    send()
  }

  return {
    add(parcel) {
      parcels.push({ ...parcel, number: ++added })
      waiting += parcel.count
      send()
    },
    waiting: () => waiting,
    trouble: () => (failures > 0 ? trouble : ''),
    retryMs: () => retryMs,
    dropOldest(most) {
      const [oldest] = parcels
      if (!oldest || oldest.count > most) return 0
      parcels.shift()
      waiting -= oldest.count
      return oldest.count
    },
    async settle() {
      // What is added from now on is not waited for, or a busy service would wait for ever.
      const last = added
      const isLeft = (): boolean => [...inFlight.values(), ...parcels.slice(0, 1)].some(({ number }) => number <= last)
      resume()
      while (inFlight.size > 0 && isLeft()) await Promise.race(inFlight.keys())
    },
    stop() {
      clearTimeout(pause)
      parcels.length = waiting = 0
    },
  }
}

export interface Delivery {
  add(parcel: Parcel): void
  /** Steps that are neither delivered nor on their way. */
  waiting(): number
  /** Why the desk did not take the last ones; empty while it takes them. */
  trouble(): string
  /** The delay before it is asked again. */
  retryMs(): number
  /** Drops the oldest parcel that waits, unless it holds more than `most` steps; gives how many it held. */
  dropOldest(most: number): number
  /** Sends what waits, and resolves when everything added so far is delivered or the desk did not take some of it. */
  settle(): Promise<void>
  /** Forgets what waits. */
  stop(): void
}

interface DeliveryOptions extends PostOptions {
  readonly tell: (message: string, cause?: unknown) => void
  readonly onTaken: () => void
  /** Hears how many steps were too many for one request. */
  readonly onTooLarge: (count: number) => void
}

interface Numbered extends Parcel {
  readonly number: number
}

/** Enough to keep a desk busy while answers are on their way, few enough to leave room for those of other services. */
const MOST_IN_FLIGHT = 4
