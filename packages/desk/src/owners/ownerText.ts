import type { Owner } from '../lookup/Match.ts'

/** Who looks after something, and how they are reached, in a line. */
export function ownerText({ name, contact, url }: Owner): string {
  return [name, contact, url].filter((each) => each !== null).join(', ')
}
