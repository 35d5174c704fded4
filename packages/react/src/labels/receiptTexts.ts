/** English for confirmations and receipts. */
export const RECEIPT_TEXTS = {
  locale: 'en-GB',
  reference: 'Reference',
  keepThisReference: 'Keep this reference:',
  stillWorking: 'Still working on it',
  date: 'Date',
  scanToLookUp: 'Scan to look up this reference',
  qrCode: 'QR code for reference {reference}',
} as const
