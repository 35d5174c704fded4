import { countText } from '../countText.ts'
import type { FailureOutcome } from '../../failures/FailuresAnswer.ts'
import type { FailureSpan } from '../start/failureFilter.ts'
import type { FailurePart } from '../start/partsOfFailures.ts'

const SPANS: Readonly<Record<FailureSpan, string>> = {
  '1h': 'hour',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
}

const OUTCOMES: Readonly<Record<FailureOutcome, string>> = {
  failed: 'Failed',
  person: 'Waits for a person',
  customer: 'Waits for customers',
  unknown: 'Unknown',
  running: 'Still going on',
}

const PARTS: Readonly<Record<FailurePart, { readonly title: string; readonly text: string }>> = {
  person: { title: 'Waits for a person', text: 'Somebody at the company has to do something.' },
  customer: { title: 'Waits for customers', text: 'They have to do something, such as try again.' },
  work: { title: 'Still going on', text: 'It goes on by itself; nobody has to do anything yet.' },
  nobody: { title: 'Needs nothing', text: 'It did not work, and nothing is left to do.' },
  handled: { title: 'Handled', text: 'Somebody marked every one of these as handled.' },
  claimed: {
    title: 'Reported by browsers alone',
    text: 'No server confirmed these. Anybody can make a browser say so.',
  },
}

/** What the start page says. */
export const START_TEXTS = {
  title: 'Paste what the customer sent',
  hint: 'A whole message will do: the desk finds the code in it.',
  askable: [
    ['Reference', 'RF7-K29-QXR, with or without hyphens'],
    ['Number', 'of an order, a customer, a job, a session'],
    ['Trace-id', 'from any log or tracing tool, a span id, a traceparent'],
  ] as readonly (readonly [what: string, example: string])[],
  failures: 'What failed, and what waits for somebody',
  heardOf: 'In the last',
  spans: SPANS,
  outcome: 'Outcome',
  anyOutcome: 'All',
  outcomes: OUTCOMES,
  service: 'Service',
  anyService: 'All',
  updated: (time: string) => `Updated ${time}`,
  refresh: 'Refresh',
  refreshing: 'Refreshing…',
  stale: 'What is shown below may be out of date.',
  looking: 'Looking',
  shown: (groups: number, trails: number) =>
    groups === 0
      ? 'No failures'
      : `${countText(trails, 'trail')} in ${groups === 1 ? '1 group' : `${countText(groups)} groups`}`,
  parts: PARTS,
  partCount: (trails: number) => countText(trails, 'trail'),
  none: (span: FailureSpan) =>
    span === '1h' ? 'Nothing failed in the last hour' : `Nothing failed in the last ${SPANS[span]}`,
  noneOfThese: (span: FailureSpan) => `Nothing like this failed in the last ${SPANS[span]}`,
  noneKnown: 'None found in what could be looked through',
  noneHint: 'When a customer says that something did not work, look up what they sent. Or look further back.',
  noneOfTheseHint: 'Look at all outcomes and services, or further back.',
  showAll: 'Show all',
  further: (span: FailureSpan) => `Look at the last ${SPANS[span]}`,
  incomplete: 'There may be more failures than these.',
  more: 'There are more trails than were looked at. Choose a shorter time or a service to see the others.',
  todo: 'What to do',
  who: 'Who',
  nobodyNamed: 'No owner is named for this place',
  counts: ({ count, handled, taken }: { readonly count: number; readonly handled: number; readonly taken: number }) =>
    [
      countText(count, 'trail'),
      ...(handled > 0 ? [`${countText(handled)} handled`] : []),
      ...(taken > 0 ? [`${countText(taken)} taken`] : []),
    ].join(', '),
  first: 'First',
  last: 'Last',
  once: 'Once',
  trailsOf: 'Trails of this failure',
  noAction: 'An action without a name',
  claimed: 'reported by the customer’s browser',
  handling: {
    taken: (by: string) => `Taken by ${by}`,
    done: (by: string) => `Handled by ${by}`,
    open: (by: string) => `Given back by ${by}`,
  },
  failedSince: 'something failed since',
}
