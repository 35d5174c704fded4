import type { ForwardTarget } from './forwardTarget.ts'

/**
 * Says once when a collector takes nothing, and once when it does again, however many requests fail meanwhile. A collector that comes and goes
 * is told of every ten minutes at most, and so is each status with which it refuses bodies for good.
 */
export function createTeller({ target, onError, monotonicMs = () => performance.now() }: TellerOptions): Teller {
  const { origin, queueBytes } = target
  const saidAt = new Map<string, number>()
  let state: 'works' | 'waits-and-said' | 'waits-unsaid' = 'works'

  function isNews(what: string): boolean {
    const at = saidAt.get(what)
    if (at !== undefined && monotonicMs() - at < QUIET_MS) return false
    saidAt.set(what, monotonicMs())
    return true
  }

  function say(message: string): void {
    try {
      onError(new Error(`[waybill] ${message}`))
    } catch {
      // A fault of whoever listens must not end the forwarding.
    }
  }

  return {
    waits(why) {
      if (state === 'waits-and-said') return
      state = isNews('waits') ? 'waits-and-said' : 'waits-unsaid'
      if (state !== 'waits-unsaid') {
        say(
          `The collector ${origin} takes nothing that the desk forwards: ${why}. The desk itself goes on. Up to ${queueBytes} bytes wait and are tried again; beyond that the oldest are dropped. Check the collector.`,
        )
      }
    },
    works(dropped) {
      const wasSaid = state === 'waits-and-said'
      state = 'works'
      if (wasSaid) {
        say(
          `The collector ${origin} takes again what the desk forwards. ${dropped} bodies were dropped since the desk began. Nothing is left to do.`,
        )
      }
    },
    refuses(status) {
      if (!isNews(`refuses ${status}`)) return
      say(
        `The collector ${origin} refuses with ${status} what the desk forwards, so it is dropped there; the desk keeps it. ${HINTS[status] ?? 'Look into the collector’s log.'}`,
      )
    },
  }
}

export interface Teller {
  /** `why` ends a sentence. */
  readonly waits: (why: string) => void
  /** `dropped`: bodies so far. */
  readonly works: (dropped: number) => void
  readonly refuses: (status: number) => void
}

export interface TellerOptions {
  readonly target: Pick<ForwardTarget, 'origin' | 'queueBytes'>
  readonly onError: (error: unknown) => void
  /** @default performance.now */
  readonly monotonicMs?: (() => number) | undefined
}

const QUIET_MS = 600_000

const HINTS: Readonly<Record<number, string>> = {
  301: 'It redirects, which is not followed: set forward.url to where it sends.',
  302: 'It redirects, which is not followed: set forward.url to where it sends.',
  307: 'It redirects, which is not followed: set forward.url to where it sends.',
  308: 'It redirects, which is not followed: set forward.url to where it sends.',
  401: 'Check its key in forward.headers.',
  403: 'Check its key in forward.headers.',
  404: 'Check forward.url: it is the base to which /v1/traces is added.',
  413: 'Let it take larger requests: bodies go out as they came, up to 16 MB unpacked.',
}
