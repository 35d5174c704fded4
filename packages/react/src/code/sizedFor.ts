import type { CSSProperties } from 'react'

/** Tells the stylesheet how many symbols have to fit on one line, those that are wider than most in the share they need. */
export function sizedFor(text: string): CSSProperties & Record<'--_symbols', number> {
  return { '--_symbols': text.length + (text.split(/[MW]/).length - 1) * WIDER }
}

/** By the widest of the usual fonts for screens, DejaVu Sans. */
const WIDER = 0.35
