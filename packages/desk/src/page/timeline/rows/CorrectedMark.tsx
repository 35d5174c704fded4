import { useTexts } from '../../texts/useTexts.ts'

/** Says of a row that its time is not what its machine's clock said. */
export function CorrectedMark() {
  const { corrected } = useTexts().timeline
  return (
    <span className="corrected" title={corrected}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M13.5 8a5.5 5.5 0 11-1.6-3.9M13.5 1.8v2.7h-2.7M8 5v3.2l2 1.3" />
      </svg>
      <span className="unseen">{corrected}</span>
    </span>
  )
}
