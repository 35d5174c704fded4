import { carryPoint } from '../attribution/carryPoint.ts'

/**
 * Says, once it knows, whether the build plugin `@waybill/carry` carries this page's async functions: as soon as one of them goes
 * on behind an `await`, or when none did in the time given.
 *
 * ```ts
 * if (import.meta.env.DEV) checkCarrying()
 * ```
 */
export function checkCarrying({ say = console.info, withinMs = 10_000 }: CheckCarryingOptions = {}): void {
  if (typeof document === 'undefined') return
  const point = carryPoint(globalThis)
  const end = (message: string): void => {
    clearTimeout(timer)
    source.saw = () => {}
    say(`[waybill] ${message}`)
  }
  const source = (): unknown => undefined
  source.saw = () => end(CARRIED)
  const timer = setTimeout(() => end(`${NOT_SEEN} in ${withinMs} ms. ${REMEDY}`), withinMs)
  // A place among the sources is for good, so that the others keep theirs.
  point.sources.push(source)
  point.isWatched = true
}

export interface CheckCarryingOptions {
  /** Receives the message. @default `console.info` */
  readonly say?: ((message: string) => void) | undefined
  /** @default 10000 */
  readonly withinMs?: number | undefined
}

const CARRIED = 'Async functions of this page are carried: a call behind any await keeps its reference.'
const NOT_SEEN = 'No async function of this page was seen to be carried'
const REMEDY =
  'Calls behind timers, storage and foreign promises get references of their own. Add the plugin @waybill/carry to the build; if it is there, its line in the build log says what was left alone.'
