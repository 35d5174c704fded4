import type { Step } from '@waybill/trail'
import type { Handling } from '../lookup/Match.ts'

/** What support's people made of a trail last. */
export function handlingOf(_steps: readonly Step[]): Handling | null {
  return null
}
