/**
 * Looks again and again, less and less often, until there is nothing more to wait for or the time is over; then once more a moment later,
 * because what is written right after the first record counts as well.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function lookUntil<Seen>(look: () => Promise<Seen>, options: LookOptions<Seen>): Promise<Seen> {
  const { isDone, withinMs, signal, onWait } = options
  const until = performance.now() + withinMs
  let seen = await look()
  let waitMs = FIRST_WAIT_MS
  while (!isDone(seen) && performance.now() < until) {
    onWait?.(seen)
    await pause(waitMs, signal)
    waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)
    seen = await look()
  }
  await pause(LAST_LOOK_MS, signal)
  return await look()
}

export interface LookOptions<Seen> {
  readonly isDone: (seen: Seen) => boolean
  readonly withinMs: number
  readonly signal: AbortSignal
  /** Hears what was seen before each wait. @default nobody */
  readonly onWait?: ((seen: Seen) => void) | undefined
}

const FIRST_WAIT_MS = 60
const LONGEST_WAIT_MS = 2000
const LAST_LOOK_MS = 300

/** @throws the signal's reason when it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
