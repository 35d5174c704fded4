/** One or more stretches of time on the scale of the whole trail. Said in words beside it, so hidden from those who listen. */
export function Bar({ stretches, scale }: BarProps) {
  return (
    <span className="track" aria-hidden="true">
      {stretches.map(({ id, from, ms, look }) => (
        <span
          key={id}
          className="stretch"
          data-look={look}
          style={{
            insetInlineStart: percent((from - scale.begun) / scale.lengthMs),
            inlineSize: percent(ms / scale.lengthMs),
          }}
        />
      ))}
    </span>
  )
}

export interface BarProps {
  readonly stretches: readonly Stretch[]
  readonly scale: TimeScale
}

interface Stretch {
  /** Of its own on this bar. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly ms: number
  readonly look: 'ok' | 'error' | 'running' | 'wait'
}

export interface TimeScale {
  readonly begun: number
  readonly lengthMs: number
}

function percent(share: number): string {
  return `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`
}
