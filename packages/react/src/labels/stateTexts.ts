/** English for how an action stands. */
export const STATE_TEXTS = {
  open: 'In progress',
  succeeded: 'Done',
  failed: 'Failed',
  abandoned: 'Stopped',
} as const
