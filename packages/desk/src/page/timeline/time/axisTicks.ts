import type { TimeScale } from './timeScale.ts'
import type { View } from './useZoom.ts'

/** A few round moments to tell the bars by, as time since the beginning. */
export function axisTicks({ begun, segments, breaks }: TimeScale, view: View): Tick[] {
  const even = segments
    .filter(({ kind, fromShare, toShare }) => kind === 'even' && toShare > view.from && fromShare < view.to)
    .map((segment) => ({ ...segment, msPerShare: (segment.to - segment.from) / (segment.toShare - segment.fromShare) }))
  const stepMs = roundUp(((even[0]?.msPerShare ?? 0) * (view.to - view.from)) / MOST_TICKS)
  const rounds = even.flatMap(({ from, fromShare, toShare, msPerShare }) => {
    const seenFrom = from + Math.max(0, view.from - fromShare) * msPerShare
    const seenTo = from + (Math.min(view.to, toShare) - fromShare) * msPerShare
    const first = Math.ceil((seenFrom - begun) / stepMs - 1e-9)
    const count = Math.max(0, Math.floor((seenTo - begun) / stepMs + 1e-9) - first + 1)
    return Array.from({ length: Math.min(count, 2 * MOST_TICKS) }, (_, at) => {
      const ms = (first + at) * stepMs
      return { ms, share: fromShare + (begun + ms - from) / msPerShare, stepMs }
    })
  })
  // How long a break was is told by what stands after it.
  const ends = even
    .filter(({ from }) => breaks.some(({ to }) => to === from))
    .map(({ from, fromShare }) => ({ ms: from - begun, share: fromShare, stepMs: Math.max(stepMs, 60_000) }))
  const ticks: Tick[] = []
  for (const { ms, share, stepMs } of [...rounds.filter(({ ms }) => ms === 0), ...ends, ...rounds]) {
    const at = (share - view.from) / (view.to - view.from)
    if (at < -1e-6 || at > LAST_LABEL || ticks.some((each) => Math.abs(each.at - at) < LEAST_APART)) continue
    ticks.push({ at: Math.max(0, at), label: `+${offsetText(ms, stepMs)}` })
  }
  return ticks.toSorted((a, b) => a.at - b.at)
}

export interface Tick {
  /** 0 at the beginning of what is seen, 1 at its end. */
  readonly at: number
  /** `+10 s` */
  readonly label: string
}

const MOST_TICKS = 3
/** In shares of what is seen: a label needs so much room. */
const LEAST_APART = 0.27
const LAST_LABEL = 0.78

const ROUND_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5, 36e5, 72e5, 216e5,
  432e5,
]

function roundUp(ms: number): number {
  return ROUND_MS.find((each) => each >= ms) ?? Math.ceil(ms / DAY_MS) * DAY_MS
}

const DAY_MS = 864e5

/** Time since the beginning, as fine as `stepMs` asks for: `0 s`, `200 ms`, `1.2 s`, `2 min`, `20.1 h`, `20:00:01`. */
export function offsetText(ms: number, stepMs: number): string {
  if (ms === 0) return unbroken('0 s')
  const places = stepMs < 10 ? 3 : stepMs < 100 ? 2 : stepMs < 1000 ? 1 : 0
  const rounded = Math.round(ms / 10 ** (3 - places)) * 10 ** (3 - places)
  if (rounded < 1000 && ms > 0) return unbroken(`${Math.round(ms)} ms`)
  if (rounded < 120_000) return unbroken(`${(rounded / 1000).toFixed(places)} s`)
  if (stepMs < 60_000) {
    const [hours, minutes] = [Math.floor(rounded / 3_600_000), Math.floor(rounded / 60_000) % 60]
    const seconds = ((rounded % 60_000) / 1000).toFixed(places)
    return [hours, minutes, seconds]
      .map((part, at) => (at === 0 ? String(part) : `${Number(part) < 10 ? '0' : ''}${part}`))
      .join(':')
  }
  if (rounded < 7_200_000) return unbroken(`${Math.round(rounded / 60_000)} min`)
  return unbroken(`${Number((rounded / 3_600_000).toFixed(1))} h`)
}

function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0')
}
