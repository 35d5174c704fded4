import { STATE_TEXTS } from './stateTexts.ts'

/** English for the way to support, and for what is handed over there. */
export const CONTACT_TEXTS = {
  ...STATE_TEXTS,
  locale: 'en-GB',
  reference: 'Reference',
  unnamedActivity: 'Something you did here',
  contactSupport: 'Contact support',
  handedOver: 'The reference is attached.',
  handedOverCopied: 'Reference copied. Paste it into your message.',
  handedOverShared: 'Reference shared.',
  notHandedOver: 'The reference was not sent. Copy it and send it to us.',
  notOpened: 'Support did not open. Please reach us another way.',
} as const
