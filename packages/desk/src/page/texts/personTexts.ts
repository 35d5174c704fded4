import { countText } from '../countText.ts'

/** What a customer's page, and the way to it, say. */
export const PERSON_TEXTS = {
  title: 'Trails of one customer',
  incomplete: 'There may be more trails than these.',
  onlyClaimed: 'No server named this customer; only a browser said that these are theirs.',
  noneFound: 'None were found.',
  none: 'There are none.',
  order: 'By day, the newest first.',
  leftOut: (keepDays: number) =>
    `Pages that only read something, and had no trouble, are left out; what nothing was added to for ${keepDays === 1 ? 'a day' : `${keepDays} days`} is gone.`,
  today: (day: string) => `Today, ${day}`,
  yesterday: (day: string) => `Yesterday, ${day}`,
  /** `isWhole`: whether these are all of the day. */
  dayCounts: ({
    trails,
    failed,
    running,
    isWhole,
  }: {
    readonly trails: number
    readonly failed: number
    readonly running: number
    readonly isWhole: boolean
  }) =>
    [
      `${trails === 1 ? '1 action' : `${countText(trails)} actions`}${isWhole ? '' : ' so far'}`,
      ...(failed > 0 ? [`${countText(failed)} failed`] : []),
      ...(running > 0 ? [`${countText(running)} still going on`] : []),
    ].join(', '),
  more: 'Show more',
  looking: 'Looking…',
  lookingNow: 'Looking',
  all: 'These are all.',
  shown: (trails: number, isAll: boolean) => `${countText(trails, 'trail')} shown${isAll ? '' : ', there are more'}`,
  find: {
    title: 'Find a customer',
    label: 'Customer’s e-mail or id',
    hint: 'Whole, as your application writes it. Only the desk gets it; it is in no address and no log.',
    submit: 'Find customer',
    blank: 'Type or paste the whole e-mail address or id.',
    unknown:
      'No customer is known by this. The desk knows customers only by the id that your services send; it may be another one than this.',
    unseen: 'Not found in what could be searched. It may be there all the same: try again in a while.',
    otherwise: (trails: number) => `This leads to ${countText(trails, 'trail')}, but not by a customer’s id alone.`,
    search: 'Show what it leads to',
    failures: {
      offline: 'The desk cannot be reached. Check your connection, then try again.',
      'too-often': 'Too many look-ups. Wait a minute, then try again.',
      'too-long': 'This is too long to be an id.',
      failed: 'The look-up failed. Try again; if it stays, tell whoever runs the desk.',
    },
  },
}
