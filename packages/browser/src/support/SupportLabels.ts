import type { ActionRecord, DeliveryState } from '../session/ActionRecord.ts'

/** Every text that is handed to support, and the locale of its times. What you leave out stays English. */
export interface SupportLabels {
  /** BCP 47 tag for dates and times. @default 'en-GB' */
  readonly locale: string
  readonly reference: string
  /** Above the actions of `sessionText`. */
  readonly recentActions: string
  readonly noActions: string
  /** Stands for an action that the app gave no name. */
  readonly unnamedActivity: string
  /** After the name of the action: "Request refund: failed". */
  readonly states: Readonly<Record<ActionRecord['state'], string>>
  /** `{count}` stands for how often the action or one of its calls was tried, from 2. */
  readonly attempts: string
  /** In place of the status of a call that is still open. */
  readonly waiting: string
  /** In place of the status of a call that got none. */
  readonly noAnswer: string
  /**
   * What the desk has of an action, said to whoever reads the text, who may be online or not: what is `saved` is sent as soon as that goes,
   * and of what is `local-only` nothing is.
   */
  readonly delivery: Readonly<Record<DeliveryState, string>>
}

export const ENGLISH_SUPPORT: SupportLabels = {
  locale: 'en-GB',
  reference: 'Reference',
  recentActions: 'Recent actions, newest first',
  noActions: 'No actions in this session yet.',
  unnamedActivity: 'Something you did here',
  states: { open: 'not finished yet', succeeded: 'done', failed: 'failed', abandoned: 'given up' },
  attempts: '{count} attempts',
  waiting: 'no answer yet',
  noAnswer: 'no answer',
  delivery: {
    delivered: 'Support can find what happened with this reference.',
    saved: 'Saved on this device. Support may not see all of it yet.',
    pending: 'Being sent. Support may not see all of it yet.',
    memory: 'Only in the open page. Support may not see all of it yet.',
    'local-only': 'Kept on this device only.',
  },
}
