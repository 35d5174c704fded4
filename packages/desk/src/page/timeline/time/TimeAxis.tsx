import { useSingleKeys } from '../../singleKeys.ts'
import { useTexts } from '../../texts/useTexts.ts'
import { axisTicks } from './axisTicks.ts'
import type { TimeScale } from './timeScale.ts'
import type { View } from './useZoom.ts'

/** What the bars under it mean, and the buttons that spread them. */
export function TimeAxis({ scale, view, onZoom }: TimeAxisProps) {
  const texts = useTexts().timeline
  const hasKeys = useSingleKeys()
  const isWhole = view.from === 0 && view.to === 1
  return (
    <div className="axis">
      <p className="axis-words">
        {!isWhole && <span>{texts.seen(scale, view)}</span>}
        {scale.breaks.length > 0 && (
          <span className="break-words">
            <span className="break-mark" aria-hidden="true" /> {texts.waitsShortened}
          </span>
        )}
      </p>
      <fieldset className="zoom" aria-label={texts.zoom}>
        {ZOOMS.map(({ to, sign, key }) => (
          <button
            key={to}
            type="button"
            title={hasKeys ? `${texts.zoomTo[to]} (${key})` : texts.zoomTo[to]}
            aria-keyshortcuts={hasKeys ? key : undefined}
            aria-disabled={isWhole && to !== 'in'}
            onClick={() => onZoom(to)}
          >
            <kbd aria-hidden="true">{sign}</kbd>
            <span className="unseen">{texts.zoomTo[to]}</span>
          </button>
        ))}
      </fieldset>
      <span className="track" aria-hidden="true">
        {axisTicks(scale, view).map(({ at, label }) => (
          <span key={at} className="tick" style={{ insetInlineStart: `${(at * 100).toFixed(2)}%` }}>
            {label}
          </span>
        ))}
      </span>
    </div>
  )
}

export interface TimeAxisProps {
  readonly scale: TimeScale
  readonly view: View
  readonly onZoom: (to: ZoomStep) => void
}

export type ZoomStep = 'in' | 'out' | 'whole'

const ZOOMS: readonly { to: ZoomStep; sign: string; key: string }[] = [
  { to: 'out', sign: '−', key: '-' },
  { to: 'in', sign: '+', key: '+' },
  { to: 'whole', sign: '0', key: '0' },
]
