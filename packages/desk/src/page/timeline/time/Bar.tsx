import type { TimeScale } from './timeScale.ts'
import type { View } from './useZoom.ts'

/** One or more stretches of time on the scale of the whole trail. Said in words beside it, so hidden from those who listen. */
export function Bar({ stretches, scale, view }: BarProps) {
  const placeOf = (moment: number): number => (scale.shareOf(moment) - view.from) / (view.to - view.from)
  const placed = stretches.map(({ from, to, ...stretch }) => ({ ...stretch, from: placeOf(from), to: placeOf(to) }))
  const seen = placed.filter(({ from, to }) => to >= 0 && from <= 1)
  const [first] = placed
  const beyond = seen.length > 0 || !first ? null : first.from > 1 ? 'after' : 'before'
  return (
    <span className="track" aria-hidden="true">
      {scale.breaks.map(({ from, to }) => (
        <span key={from} className="break" style={styleOf(placeOf(from), placeOf(to))} />
      ))}
      {seen.map(({ id, from, to, look }) => (
        <span key={id} className="stretch" data-look={look} style={styleOf(from, to)} />
      ))}
      {beyond && <span className="beyond" data-side={beyond} />}
    </span>
  )
}

export interface BarProps {
  readonly stretches: readonly BarStretch[]
  readonly scale: TimeScale
  readonly view: View
}

export interface BarStretch {
  /** Of its own on this bar. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly look: 'ok' | 'error' | 'running' | 'silent' | 'wait'
}

function styleOf(from: number, to: number) {
  const [start, end] = [from, to].map((share) => Math.min(1, Math.max(0, share)))
  return { insetInlineStart: percent(start!), inlineSize: percent(end! - start!) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`
}
