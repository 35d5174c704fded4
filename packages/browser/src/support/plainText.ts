import { scrub } from '@waybill/trail'

/**
 * One line of a text for support, made of a name that an application gave or a page's markup held: without what may be
 * somebody's own, and without line breaks, control and direction characters, so that nothing can pose as another line.
 */
export function plainText(name: string): string {
  return scrub(name.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()).slice(0, LONGEST_NAME)
}

const LONGEST_NAME = 80
