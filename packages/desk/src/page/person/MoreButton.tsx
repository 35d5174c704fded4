import type { AskingStatus } from '../useAsking.ts'

/** Asks for the next page of a list. While it is on its way the button stays, and does nothing. */
export function MoreButton({ status, onMore }: MoreButtonProps) {
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
      {isBusy ? 'Looking…' : 'Show more'}
    </button>
  )
}

export interface MoreButtonProps {
  readonly status: AskingStatus
  readonly onMore: () => void
}
