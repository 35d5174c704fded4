/** A message's id if it is a plain one: what an application sets may be anything, an address or a sentence. */
export function plainId(id: unknown): string | undefined {
  return typeof id === 'string' && PLAIN.test(id) ? id : undefined
}

/** Digits alone may be a card's number. */
const PLAIN = /^(?!.*(?<!\w)\d{12,19}(?!\w))[\w.:/=+-]{1,128}$/
