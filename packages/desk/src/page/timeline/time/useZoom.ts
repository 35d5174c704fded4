import { useState } from 'react'
import type { Stretch, TimeScale } from './timeScale.ts'

/** Which part of the scale the bars show. */
export function useZoom(scale: TimeScale): Zoom {
  const [view, setView] = useState(WHOLE)
  const around = (width: number, middle: number): View => {
    const from = Math.min(1 - width, Math.max(0, middle - width / 2))
    return { from, to: from + width }
  }
  return {
    view,
    by: (factor, span) => {
      const width = Math.min(1, Math.max(LEAST_WIDTH, (view.to - view.from) / factor))
      const next = around(width, span ? middleOf(span, scale) : (view.from + view.to) / 2)
      setView(next)
      return next
    },
    whole: () => {
      setView(WHOLE)
      return WHOLE
    },
    follow: (span) => {
      const [from, to] = [scale.shareOf(span.from), scale.shareOf(span.to)]
      if (to < view.from || from > view.to) setView(around(view.to - view.from, middleOf(span, scale)))
    },
  }
}

export interface Zoom {
  readonly view: View
  /** Zooms in by a factor above 1, out by one below, around a span or what is seen; gives what is seen then. */
  readonly by: (factor: number, span: Stretch | null) => View
  readonly whole: () => View
  /** Moves what is seen, so that a span is. */
  readonly follow: (span: Stretch) => void
}

/** Shares of the whole scale. */
export interface View {
  readonly from: number
  readonly to: number
}

const WHOLE: View = { from: 0, to: 1 }
const LEAST_WIDTH = 1 / 4096

function middleOf({ from, to }: Stretch, scale: TimeScale): number {
  return (scale.shareOf(from) + scale.shareOf(to)) / 2
}
