import { cleanText, scrub } from '@waybill/trail'

/**
 * One line of a text for support, made of a name that an application gave or a page's markup held: without what may be
 * somebody's own, and without line breaks, control and direction characters, so that nothing can pose as another line.
 */
export function plainText(name: string): string {
  return scrub(cleanText(name).replace(/\s+/g, ' ')).slice(0, LONGEST_NAME)
}

const LONGEST_NAME = 80
