/** What somebody sent, without white space around it; empty when it is no text, or too long to be what is asked for. */
export function trimmedText(sent: unknown, longest: number): string {
  return typeof sent === 'string' && sent.length <= longest ? sent.trim() : ''
}
