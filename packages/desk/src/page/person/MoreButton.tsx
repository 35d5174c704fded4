import { useTexts } from '../texts/useTexts.ts'
import type { AskingStatus } from '../useAsking.ts'

/** Asks for the next page of a list. While it is on its way the button stays, and does nothing. */
export function MoreButton({ status, onMore }: MoreButtonProps) {
  const { person } = useTexts()
  const isBusy = status === 'busy'
  return (
    <button
      type="button"
      className="second-button more"
      aria-disabled={isBusy}
      onClick={() => {
        if (!isBusy) onMore()
      }}
    >
      {isBusy ? person.looking : person.more}
    </button>
  )
}

export interface MoreButtonProps {
  readonly status: AskingStatus
  readonly onMore: () => void
}
