import { CUSTOMER_LANGUAGES } from './languages/CUSTOMER_LANGUAGES.ts'
import type { CustomerLanguage } from './languages/CUSTOMER_LANGUAGES.ts'

/** The language in which an agent wrote to a customer last, which this browser remembers. */
export function storedLanguage(): CustomerLanguage {
  try {
    const stored = localStorage.getItem(NAME) ?? ''
    return Object.hasOwn(CUSTOMER_LANGUAGES, stored) ? (stored as CustomerLanguage) : 'english'
  } catch {
    return 'english'
  }
}

export function storeLanguage(language: CustomerLanguage): void {
  try {
    localStorage.setItem(NAME, language)
  } catch {
    // Without storage the choice lasts as long as the trail is shown.
  }
}

const NAME = 'waybill-desk.customer-language'
