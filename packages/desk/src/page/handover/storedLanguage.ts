import { readStored, writeStored } from '../deviceStorage.ts'
import { CUSTOMER_LANGUAGES } from './languages/CUSTOMER_LANGUAGES.ts'
import type { CustomerLanguage } from './languages/CUSTOMER_LANGUAGES.ts'

/** The language in which an agent wrote to a customer last, which this browser remembers. */
export function storedLanguage(): CustomerLanguage {
  const stored = readStored(NAME) ?? ''
  return Object.hasOwn(CUSTOMER_LANGUAGES, stored) ? (stored as CustomerLanguage) : 'english'
}

export function storeLanguage(language: CustomerLanguage): void {
  writeStored(NAME, language)
}

const NAME = 'waybill-desk.customer-language'
