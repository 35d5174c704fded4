/** Quotes names of tables and columns, with their schema if they have one, as a database does it. */
export function quotedBy(quote: '"' | '`'): (name: string) => string {
  const quotedPart = (part: string): string => quote + part.replaceAll(quote, quote + quote) + quote
  return (name) => name.split('.').map(quotedPart).join('.')
}
