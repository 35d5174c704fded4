/** English for the support panel. */
export const PANEL_TEXTS = {
  locale: 'en-GB',
  reference: 'Reference',
  recentActivity: 'Recent activity',
  chooseActivity: 'Choose what you need help with.',
  noActivity: 'Nothing to show yet. What you do here appears in this list.',
  unnamedActivity: 'Something you did here',
  open: 'In progress',
  succeeded: 'Done',
  failed: 'Failed',
  abandoned: 'Stopped',
  offline: 'You are offline. You can still copy the reference or read it out.',
} as const
