/**
 * Milliseconds until a collector is asked again: exponential back-off up to a minute, never less than it asked for, and with jitter, so that
 * several desks do not come back at the same moment.
 */
export function waitBeforeRetry({ failures, askedMs, firstMs, random }: WaitOptions): number {
  const backOffMs = Math.min(firstMs * 2 ** failures, LONGEST_MS)
  return Math.max(askedMs, backOffMs / 2) + (random() * backOffMs) / 2
}

export interface WaitOptions {
  /** In a row before this one. */
  readonly failures: number
  /** By `Retry-After`; 0 for nothing. */
  readonly askedMs: number
  readonly firstMs: number
  /** From 0 up to 1. */
  readonly random: () => number
}

const LONGEST_MS = 60_000
