/** A message's id if it is a plain one: what an application sets may be anything, an address or a sentence. */
export function plainId(id: unknown): string | undefined {
  return typeof id === 'string' && (UUID.test(id) || PLAIN.test(id)) ? id : undefined
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
/** Digits alone may be a card's number. */
const PLAIN = /^(?!.*(?<!\w)\d{12,19}(?!\w))[\w.:/=+-]{1,128}$/
