import type { Labels } from './Labels.ts'
import { CONTACT_TEXTS } from './contactTexts.ts'
import { NOTICE_TEXTS } from './noticeTexts.ts'
import { PANEL_TEXTS } from './panelTexts.ts'
import { RECEIPT_TEXTS } from './receiptTexts.ts'

/** What the components say by themselves. */
export const ENGLISH: Labels = {
  ...NOTICE_TEXTS,
  ...CONTACT_TEXTS,
  ...RECEIPT_TEXTS,
  ...PANEL_TEXTS,
  notices: 'Notices',
}
