import { ARABIC } from './arabic.ts'
import { ENGLISH } from './english.ts'
import { FRENCH } from './french.ts'
import { GERMAN } from './german.ts'
import { JAPANESE } from './japanese.ts'
import { SPANISH } from './spanish.ts'
import type { CustomerTexts } from './CustomerTexts.ts'

/** The languages in which customers can be written to, in the order in which they are offered. */
export const CUSTOMER_LANGUAGES = {
  english: ENGLISH,
  german: GERMAN,
  french: FRENCH,
  spanish: SPANISH,
  arabic: ARABIC,
  japanese: JAPANESE,
} as const satisfies Readonly<Record<string, CustomerTexts>>

export type CustomerLanguage = keyof typeof CUSTOMER_LANGUAGES
