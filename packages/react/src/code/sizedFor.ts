import type { CSSProperties } from 'react'

/** Tells the stylesheet how many symbols have to fit on one line. */
export function sizedFor({ length }: string): CSSProperties & Record<'--_symbols', number> {
  return { '--_symbols': length }
}
