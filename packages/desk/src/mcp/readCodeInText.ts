import type { ReferenceLength } from '@waybill/reference'
import { findReferences } from '@waybill/reference/reading'
import { z } from 'zod'
import { WRITTEN } from '../lookup/writtenWords.ts'

/** The tool that finds references in a text, and looks nothing up. */
export const READ_CODE_IN_TEXT = {
  title: 'Read the reference in a text',
  description: `Finds references such as RF7-K29-QXR in what somebody wrote or said: misread symbols (O for Q), codes that are spelled out or wrapped. Looks nothing up and tells nothing of anybody.
It says how sure each reading is. Several references for one place all fit: read them back to the person, and do not choose. A reference proves nobody’s identity.`,
  inputSchema: z.object({ text: z.string().min(1).max(20_000) }),
  outputSchema: z.object({
    readings: z.array(
      z.object({
        references: z.array(z.string()).describe('One is the reading; several all fit the place'),
        sure: z.enum(['certain', 'possible']),
        written: z.string().describe('How it was written: as printed, letter by letter, spoken …'),
        start: z.number().describe('Offset in the text, in UTF-16 units'),
        end: z.number(),
      }),
    ),
    more: z.boolean(),
  }),
} as const

export function readCodeInText(
  { text }: z.infer<typeof READ_CODE_IN_TEXT.inputSchema>,
  { lengths }: ReadingOptions,
): { readonly text: string; readonly told: z.infer<typeof READ_CODE_IN_TEXT.outputSchema> } {
  const all = findReferences(text, { lengths })
  const readings = all.slice(0, MOST).map(({ references, sure, tier, start, end }) => ({
    references: [...references],
    sure,
    written: WRITTEN[tier],
    start,
    end,
  }))
  const lines = readings.map(
    ({ references, sure, written }) => `${references.join(' or ')}: ${sure}, written ${written}`,
  )
  return {
    told: { readings, more: all.length > MOST },
    text: lines.length > 0 ? lines.join('\n') : 'There is no reference in this text. Ask the person to read it again.',
  }
}

export interface ReadingOptions {
  /** The lengths in use. @default all */
  readonly lengths?: readonly ReferenceLength[] | undefined
}

const MOST = 20
