import type { Advice } from './adviceFor.ts'

/** What is to be done, in words: as a sentence that follows others, and by itself where it is asked for. */
export const ADVICE_WORDS: Readonly<Record<Advice | 'repeat' | 'wait' | 'alert', AdviceWords>> = {
  none: { sentence: '', todo: 'Nothing' },
  wait: { sentence: '', todo: 'Wait; it is still going on' },
  /** `ask-engineering` of an alert by itself. */
  alert: { sentence: 'Somebody has to find out what it is about.', todo: 'Somebody finds out what it is about' },
  'customer-retry': {
    sentence: 'Nothing was changed, so the customer can try again.',
    todo: 'The customer can try again; nothing was changed',
  },
  /** `customer-retry` of an action that its application calls repeatable. */
  repeat: {
    sentence: 'The application allows this to be done twice, so the customer can try again.',
    todo: 'The customer can try again; the application allows it to be done twice',
  },
  'customer-other-card': {
    sentence: 'Nothing was changed, so the customer can pay with another card.',
    todo: 'The customer pays with another card; nothing was changed',
  },
  'customer-correct': {
    sentence: 'Nothing was changed: the customer has to correct what was entered.',
    todo: 'The customer corrects what was entered; nothing was changed',
  },
  'customer-sign-in': {
    sentence: 'Nothing was changed: the customer has to sign in first.',
    todo: 'The customer signs in first; nothing was changed',
  },
  'no-retry': {
    sentence: 'Nothing was changed, and the same request would end the same way.',
    todo: 'Nothing to repeat: the same request would end the same way; nothing was changed',
  },
  rerun: { sentence: 'Nothing was changed, so it can be run again.', todo: 'Run it again; nothing was changed' },
  'rerun-failed': {
    sentence: 'What failed changed nothing, so that part can be done again.',
    todo: 'Do what failed again; it changed nothing',
  },
  redeliver: {
    sentence: 'Nothing was changed, so the sender can deliver it again.',
    todo: 'The sender delivers it again; nothing was changed',
  },
  'manual-fix': { sentence: 'Somebody has to finish it by hand.', todo: 'Somebody finishes it by hand' },
  'ask-engineering': {
    sentence: 'It is not known what was changed: ask engineering before anybody tries again.',
    todo: 'Ask engineering before anybody tries again',
  },
}

interface AdviceWords {
  readonly sentence: string
  readonly todo: string
}
