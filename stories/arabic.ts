import type { Labels } from '@waybill/react'

/** What the right-to-left stories read. */
export const ARABIC: Partial<Labels> = {
  locale: 'ar',
  reference: 'الرقم المرجعي',
  keepThisReference: 'احتفظ بهذا الرقم المرجعي:',
  copy: 'نسخ',
  copied: 'تم النسخ',
  delivered: 'يمكن لفريق الدعم معرفة ما حدث بهذا الرقم.',
  attached: 'يُرفق تلقائيًا عند التواصل معنا من هنا.',
  whatIsThis: 'ما هذا؟',
  tryAgain: 'إعادة المحاولة',
  contactSupport: 'التواصل مع الدعم',
  date: 'التاريخ',
}
