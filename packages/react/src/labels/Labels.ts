/**
 * Every text the components show or announce, and the locale of their dates. Give a part of it to `WaybillProvider` or to a
 * single component; what is left out stays English. `{reference}` stands for the code, spelled out.
 */
export interface Labels {
  /** BCP 47 tag for dates and times. @default 'en-GB' */
  readonly locale: string

  readonly reference: string
  readonly copy: string
  readonly copied: string
  /** On the button once the browser refused to copy; the code is selected then. */
  readonly selected: string
  /** The button's name for assistive technology. */
  readonly copyReference: string
  readonly copiedAnnouncement: string
  readonly selectedAnnouncement: string

  /** The desk has acknowledged every step so far. */
  readonly delivered: string
  /** Follows `delivered` where support is given the reference by the way that stands on the same notice. */
  readonly attached: string
  /** Kept in this browser and not acknowledged yet, though there is a connection. */
  readonly sending: string
  /** Kept in this browser, and there is no connection. */
  readonly savedOffline: string
  /** The steps never leave the device, so nothing may be said of support finding them. */
  readonly localOnly: string
  /** Storage refused, so nothing outlives the page. */
  readonly memory: string
  readonly whatIsThis: string
  /** The answer to `whatIsThis`. */
  readonly explanation: string
  /** The same where the steps never leave the device. */
  readonly explanationLocalOnly: string

  readonly tryAgain: string
  readonly dismiss: string
  readonly contactSupport: string
  /** Support was opened and has the reference. */
  readonly handedOver: string
  /** Support has to be told the reference, which is on the clipboard. */
  readonly handedOverCopied: string
  /** The share sheet took the reference. */
  readonly handedOverShared: string
  /** Nobody has been told the reference, or it is not known whether. */
  readonly notHandedOver: string
  /** Support could not be opened, and there was no reference to hand over. */
  readonly notOpened: string

  /** Names the place where toasts stand, for assistive technology. */
  readonly notices: string

  readonly keepThisReference: string
  readonly stillWorking: string
  readonly date: string
  /** Under the printed QR code. */
  readonly scanToLookUp: string
  /** The QR code's name for assistive technology. */
  readonly qrCode: string

  readonly recentActivity: string
  readonly chooseActivity: string
  readonly noActivity: string
  /** Stands for an action that the app gave no name. */
  readonly unnamedActivity: string
  readonly open: string
  readonly succeeded: string
  readonly failed: string
  readonly abandoned: string
  readonly offline: string
}
