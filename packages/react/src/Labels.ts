/**
 * Every text the components show or announce, and the locale of their dates. Give a part of it to `WaybillProvider` or to a
 * single component; what is left out stays English. `{reference}` stands for the code, spelled out.
 */
export interface Labels {
  /** BCP 47 tag for dates and times. @default 'en-GB' */
  readonly locale: string
  readonly reference: string
  readonly keepThisReference: string
  readonly copy: string
  readonly copied: string
  /** On the button once the browser refused to copy; the code is selected then. */
  readonly selectAndCopy: string
  /** The button's name for assistive technology. */
  readonly copyReference: string
  readonly copiedAnnouncement: string
  readonly selectedAnnouncement: string
  /** The desk has acknowledged every step so far. */
  readonly delivered: string
  /** Follows `delivered` where a way to contact support stands on the same notice. */
  readonly attached: string
  /** Kept in this browser, not acknowledged yet. */
  readonly saved: string
  /** Storage refused, so nothing outlives the page. */
  readonly memory: string
  readonly whatIsThis: string
  readonly safeToShare: string
  readonly tryAgain: string
  readonly contactSupport: string
  readonly stillWorking: string
  readonly date: string
}

export const ENGLISH: Labels = {
  locale: 'en-GB',
  reference: 'Reference',
  keepThisReference: 'Keep this reference:',
  copy: 'Copy',
  copied: 'Copied',
  selectAndCopy: 'Select and copy',
  copyReference: 'Copy reference {reference}',
  copiedAnnouncement: 'Reference copied.',
  selectedAnnouncement: 'This browser did not copy the reference. It is selected: copy it with your keyboard or menu.',
  delivered: 'Support can find what happened with this reference.',
  attached: 'It is attached when you contact us from here.',
  saved: 'Saved on this device. Support can see it when you are back online.',
  memory: 'Copy this reference before you leave the page.',
  whatIsThis: 'What is this?',
  safeToShare: 'Safe to share. It contains nothing about you.',
  tryAgain: 'Try again',
  contactSupport: 'Contact support',
  stillWorking: 'Still working on it',
  date: 'Date',
}
