import type { OutcomeState } from '@waybill/trail'

/** How it stands, as an icon and a word; the colour only repeats them. */
export function OutcomeMark({ state }: OutcomeMarkProps) {
  return (
    <span className="outcome" data-outcome={state}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="8" />
        <path d={PATHS[state]} />
      </svg>
      {WORDS[state]}
    </span>
  )
}

export interface OutcomeMarkProps {
  readonly state: OutcomeState
}

const WORDS: Readonly<Record<OutcomeState, string>> = {
  failed: 'Failed',
  succeeded: 'Succeeded',
  running: 'Still going on',
  unknown: 'Unknown',
}

const PATHS: Readonly<Record<OutcomeState, string>> = {
  failed: 'M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2',
  succeeded: 'M4.6 8.3l2.3 2.3 4.5-4.9',
  running: 'M8 4.4V8l2.4 1.6',
  unknown: 'M6.3 6.4a1.8 1.8 0 113 1.4c-.8.6-1.3.9-1.3 1.7m0 2v.1',
}
