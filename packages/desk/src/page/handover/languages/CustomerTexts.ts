import type { CustomerMessage } from '../customerMessageOf.ts'

/** What is written to a customer in one language. */
export interface CustomerTexts {
  /** The language's own name, as in a list to choose from. */
  readonly name: string
  /** BCP 47 tag, also of its dates. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly hello: string
  readonly messages: Readonly<Record<CustomerMessage, string>>
  /** `{reference}` and `{when}` are filled in. */
  readonly reference: string
}
