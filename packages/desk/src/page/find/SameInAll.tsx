import { useTexts } from '../texts/useTexts.ts'
import type { Distinction } from './tellApart.ts'

/** What several trails have in common, said once above them. Nothing where that is nothing. */
export function SameInAll({ distinction: { action, values } }: SameInAllProps) {
  const { find } = useTexts()
  if (action === null && values.length === 0) return null
  return <p className="same-in-all">{find.allAre(action, values)}</p>
}

export interface SameInAllProps {
  readonly distinction: Distinction
}
