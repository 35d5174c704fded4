import type { Tier } from '@waybill/reference/reading'

/** How a reference that was found in a text was written there. */
export const WRITTEN: Readonly<Record<Tier, string>> = {
  1: 'as printed',
  2: 'beside a cue word',
  3: 'loosely',
  4: 'letter by letter',
  5: 'spoken',
}
