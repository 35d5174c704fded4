/**
 * The path of a URL with everything that may name a person or a thing replaced by `:id`: `/api/orders/A-1001?key=x` gives
 * `/api/orders/:id`. Kept are only plain words and versions (`refunds`, `back-office`, `v2`); the query and the fragment never.
 */
export function maskPath(pathOrUrl: string): string {
  const path = pathOrUrl.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  const segments = path.split('/', 24)
  return segments.map((segment) => (segment === '' || WORDS.test(segment) ? segment : ':id')).join('/') || '/'
}

const WORDS = /^(?!.{33})(?:v\d{1,3}|[a-z]+(?:[-_][a-z]+)*|[a-z]+(?:[A-Z][a-z]+)*)$/

/**
 * An error message with what may be somebody's own taken out: quoted text, e-mail addresses, long numbers (cards, phones),
 * tokens, and the queries of URLs. At most 200 characters. Meant for messages of programs; prose by people does not belong in a step.
 */
export function scrub(message: string): string {
  return message
    .slice(0, 400)
    .replace(/"[^"]*"?|`[^`]*`?|(?<!\w)'[^']*'/g, '…')
    .replace(/[^\s@]{1,64}@[^\s@]+/g, '…')
    .replace(/\?[^\s]+/g, '?…')
    .replace(/\+?\d[\d ()-]{5,}\d/g, '…')
    .replace(/(?=[\w.~+/-]*\d)[\w.~+/-]{20,}=*/g, '…')
    .slice(0, 200)
}
