import { countText } from '../countText.ts'

/** What the search and what it finds say. */
export const FIND_TEXTS = {
  label: 'Search by anything the customer sent',
  placeholder: 'Code, message, order number, trace-id',
  lookUp: 'Look up',
  looking: 'Looking…',
  recent: 'What you looked up of late on this device',
  recentCount: (count: number) =>
    `${count === 1 ? '1 recent look-up' : `${count} recent look-ups`}; arrow down to choose`,
  noAction: 'An action without a name',
  trails: (count: number) => countText(count, 'trail'),
  incomplete: 'There may be more trails than these.',
  all: 'Newest first. Choose the one the customer means.',
  one: 'The one that a server ties to what you searched for.',
  more: 'The newest ones; there are more. Add the code or an order number to narrow it down.',
  onlyClaimed:
    'Only a browser said that they belong to what you searched for; no server confirmed it. Choose the one the customer means.',
  shownOfThem: (count: number) => `${count} of them are shown.`,
  claims: (count: number) => `${countText(count, 'report')} by browsers alone, not confirmed by any server`,
  claimsHint: 'Only a browser said that these belong here. Anybody can make a browser say so.',
  claimed: 'reported by the customer’s browser',
  columns: {
    outcome: 'Outcome',
    when: 'When',
    action: 'What happened',
    facts: 'What tells it apart',
    reference: 'Reference',
  },
  plainFacts: 'Facts',
  allAre: (action: string | null, values: readonly (readonly [name: string, value: string])[]) => {
    const of = values.map(([name, value]) => `${name} ${value}`).join(', ')
    return `All are ${[...(action === null ? [] : [`“${action}”`]), ...(of === '' ? [] : [`of ${of}`])].join(' ')}.`
  },
  withService: (service: string) => `with ${service}`,
  waitsForPerson: 'waits for a person',
  handling: {
    taken: (by: string) => `taken by ${by}`,
    done: (by: string) => `handled by ${by}`,
    open: (by: string) => `given back by ${by}`,
  },
  didYouMean: (reference: string) => `Did you mean ${reference}?`,
  didYouMeanOne: 'Did you mean one of these?',
  nearOne:
    'The code is not known. A known one differs from it by a single slip: ask the customer what they did, and when, before you open it.',
  nearSome:
    'The code is not known. These are, and differ from it by a single slip: ask the customer what they did, and when, before you open one.',
  slips: {
    symbol: (place: number, code: string, typed: string) => `symbol ${place}: ${code}, not ${typed}`,
    swap: (place: number, code: string, typed: string) => `symbols ${place} and ${place + 1}: ${code}, not ${typed}`,
    missing: (place: number, code: string) => `symbol ${place}: ${code} was missing`,
    extra: (place: number, typed: string) =>
      `without ${typed} ${place === 0 ? 'at the beginning' : `after symbol ${place}`}`,
  },
  whatWasSearched: 'What was searched',
  nothing: 'Nothing is known about this',
  notSeen: 'Not found in what could be searched',
  nothingIncomplete: 'It may be there all the same. Try again in a while; if it stays so, tell whoever runs the desk.',
  asReference: 'As a reference or trace-id',
  noReference: 'none could be read in it',
  asNumber: 'As a number or id',
  noNumber: 'nothing in it could be one',
  numbers: 'of an order, a ticket, a customer, a job, a session, a span, another tool’s trace',
  firstNumbers: (most: number) => `; only the first ${most} in it`,
  howFarBack: 'How far back',
  keepDays: (days: number) =>
    `${days === 1 ? 'one day' : `${days} days`} after a trail’s last step; what is older is gone`,
  alsoIn: (store: string) => `Also in ${store}`,
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  offlineBrowsers: 'A browser that is offline reports later.',
  tryAgain: 'Try again',
}
