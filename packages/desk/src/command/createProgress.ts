import type { TrailCount } from '../migrate/TrailRecord.ts'

/**
 * Tells people how far long work is: at a terminal by one line that is written anew, elsewhere by a line every few seconds. Not by `quiet`.
 */
export function createProgress(options: ProgressOptions): Progress {
  const { all, quiet = false, out = process.stderr, now = Date.now } = options
  const isTerminal = out.isTTY === true
  const everyMs = isTerminal ? 200 : 5000
  let first: { readonly stage: Stage; readonly at: number; readonly done: TrailCount } | undefined
  let lastAt = now()

  return {
    show(stage, done) {
      if (first?.stage !== stage) first = { stage, at: now(), done }
      if (quiet || now() - lastAt < everyMs) return
      lastAt = now()
      const text = progressText({ stage, done, all, before: first.done, ms: lastAt - first.at })
      out.write(isTerminal ? `\r${text}\u001B[K` : `${text}\n`)
    },
    end() {
      if (!quiet && isTerminal) out.write('\r\u001B[K')
    },
  }
}

export interface ProgressOptions {
  readonly all: TrailCount
  /** @default false */
  readonly quiet?: boolean | undefined
  /** @default process.stderr */
  readonly out?: { write(text: string): unknown; readonly isTTY?: boolean } | undefined
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined
}

export interface Progress {
  show(stage: Stage, done: TrailCount): void
  /** Takes the line away. */
  end(): void
}

type Stage = 'move' | 'verify'

const WORDS: Readonly<Record<Stage, string>> = { move: 'moved', verify: 'looked for' }

/** `before` was done before this run, which has taken so many milliseconds. */
function progressText({ stage, done, all, before, ms }: ProgressNow): string {
  const steps = done.steps - before.steps
  const speed = ms > 0 ? (steps * 1000) / ms : 0
  const left = Math.max(0, all.steps - done.steps)
  const percent = all.steps > 0 ? Math.min(100, Math.floor((done.steps / all.steps) * 100)) : 100
  const time = speed > 0 ? `, ${durationText(left / speed)} left` : ''
  return `${WORDS[stage]} ${number(done.trails)} of ${number(all.trails)} trails, ${percent} %, ${number(Math.round(speed))} steps/s${time}`
}

interface ProgressNow {
  readonly stage: Stage
  readonly done: TrailCount
  readonly all: TrailCount
  readonly before: TrailCount
  readonly ms: number
}

function number(value: number): string {
  return value.toLocaleString('en')
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
