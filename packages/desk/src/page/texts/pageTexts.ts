import { countText } from '../countText.ts'

/** What the page says around what it shows, and where it has no answer. */
export const PAGE_TEXTS = {
  brand: 'Waybill',
  desk: 'desk',
  title: (what: string | null) => (what === null ? 'Waybill desk' : `${what} · Waybill desk`),
  titles: { customer: 'Trails of one customer', map: 'Map', log: 'Log' },
  views: { map: 'Map', log: 'Log' },
  signedInAs: 'Signed in as',
  signOut: 'Sign out',
  keys: {
    before: 'Single-key shortcuts:',
    search: 'search',
    copy: 'copy for engineering',
    copyForCustomer: 'copy for the customer',
  },
  looking: 'Looking',
  sentence: ({
    reference,
    sentence,
    isWhole,
  }: {
    readonly reference: string
    readonly sentence: string
    readonly isWhole: boolean
  }) => `${reference}: ${sentence}${isWhole ? '' : ' This is not everything.'}`,
  near: (trails: number) => `Nothing found, but ${countText(trails, 'trail')} near it`,
  nothing: 'Nothing found',
  notSeen: 'Not found in what could be searched',
  found: (trails: number) => `${countText(trails, 'trail')} found`,
  alsoClaimed: (reports: number) => `, and ${countText(reports, 'report')} by browsers alone`,
  notices: {
    offline: {
      title: 'The desk cannot be reached',
      text: 'Check your connection. This page tries again when it is back.',
      retry: 'Try again',
    },
    'too-often': { title: 'Too many look-ups', text: 'Wait a minute, then try again.', retry: 'Try again' },
    'too-long': { title: 'The text is too long', text: 'Paste only the part that holds the code.', retry: null },
    'no-such-customer': {
      title: 'This address leads to no customer',
      text: 'It may have been cut off. Search for the customer’s id or order number instead.',
      retry: null,
    },
    'no-read': {
      title: 'You may not look trails up',
      text: 'That takes the scope “read”, which you do not have. Ask whoever runs the desk for it.',
      retry: null,
    },
    'no-admin': {
      title: 'You may not read the log',
      text: 'That takes the scope “admin”, which you do not have. Ask whoever runs the desk for it.',
      retry: 'Sign in with another token',
    },
    'signed-in-by-proxy': {
      title: 'You are still signed in',
      text: 'Your company’s sign-in in front of the desk says who you are. Sign out there.',
      retry: 'Go on',
    },
    failed: {
      title: 'The look-up failed',
      text: 'This is a fault of the desk, not of the code. Try again; if it stays, tell whoever runs the desk.',
      retry: 'Try again',
    },
  },
}
