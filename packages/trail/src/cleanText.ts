/**
 * Text from outside as one line that reads as it is stored. Control characters and line breaks become spaces. What is invisible, turns
 * the direction of writing or is half a character goes, and so do spaces at both ends. Variation selectors and the two zero width
 * joiners stay, because emoji, Persian and Hindi are spelled with them. Cleaned again, a text stays as it is.
 */
export function cleanText(text: string): string {
  return (
    text
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
      // DI, "default ignorable": bidi marks, overrides and isolates, zero width, soft hyphens, tags. Cs: half a surrogate pair.
      .replace(/(?![\u200c\u200d\p{VS}])[\p{DI}\p{Cs}]/gu, '')
      .trim()
  )
}
