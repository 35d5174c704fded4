/** English for the code and the notices, which every page with an error needs: apart from the rest, so that they stay small. */
export const NOTICE_TEXTS = {
  reference: 'Reference',
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
  dismiss: 'Dismiss',
} as const
