import { cleanText } from './cleanText.ts'

/**
 * The path of a URL with everything that may name a person or a thing replaced by `:id`: `/api/orders/A-1001?key=x` gives
 * `/api/orders/:id`. Kept are only plain words and versions (`refunds`, `back-office`, `v2`), unless they follow a plural or a
 * word for a person, and so are a value: `/users/anna` gives `/users/:id`. The query and the fragment never.
 */
export function maskPath(pathOrUrl: string): string {
  const path = pathOrUrl.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  let before = ''
  const masked = path.split('/', 24).map((segment) => {
    const isValue = segment && (!WORDS.test(segment) || NAMED.test(before))
    before = segment
    return isValue ? ':id' : segment
  })
  return masked.join('/') || '/'
}

const WORDS = /^(?!.{33})(?:v\d{1,3}|[a-z]+(?:[-_][a-z]+)*|[a-z]+(?:[A-Z][a-z]+)*)$/

const NAMED =
  /[^s]s$|^(?:u|by|user|people|person|staff|member|customer|client|contact|account|profile|author|patient|employee|(?:user)?name|e?mail|login)$/i

/**
 * An error message with what may be somebody's own taken out: quoted text, e-mail addresses, long numbers (cards, phones),
 * tokens, and the queries of URLs. At most 200 characters, in one line. Meant for messages of programs; prose by people does not belong in a step.
 */
export function scrub(message: string): string {
  const scrubbed = cleanText(message.slice(0, 400))
    .replace(/"[^"]*"?|`[^`]*`?|(?<!\w)'[^']*'/g, '…')
    .replace(/[^\s@]{1,64}@[^\s@]+/g, '…')
    .replace(/\?[^\s]+/g, '?…')
    .replace(/\+?\d[\d ()-]{5,}\d/g, '…')
    .replace(/(?=[\w.~+/-]*\d)[\w.~+/-]{20,}=*/g, '…')
  return cleanText(scrubbed.slice(0, 200))
}
