/** A text as PostgreSQL can hold it, which has no place for the character NUL. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
