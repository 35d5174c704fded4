import { STATE_TEXTS } from './stateTexts.ts'

/** English for the support panel. */
export const PANEL_TEXTS = {
  ...STATE_TEXTS,
  locale: 'en-GB',
  reference: 'Reference',
  recentActivity: 'Recent activity',
  chooseActivity: 'Choose what you need help with.',
  noActivity: 'Nothing to show yet. What you do here appears in this list.',
  unnamedActivity: 'Something you did here',
  offline: 'You are offline. You can still copy the reference or read it out.',
} as const
