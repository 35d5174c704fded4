import { traceIdOf } from '@waybill/reference'
import { suggestReferences } from '@waybill/reference/reading'
import type { Suggestion } from '@waybill/reference/reading'
import { Command } from 'commander'
import { answerEach } from './answerEach.ts'
import type { Answer } from './answerEach.ts'
import { withSharedOptions } from './sharedOptions.ts'
import type { SharedOptions } from './sharedOptions.ts'

/** `waybill suggest`: what a code that does not fit may have been. */
export function suggestCommand(): Command {
  const command = new Command('suggest')
    .description('print the references that a misread or mistyped code may have been, the likeliest first')
    .argument('[text]', 'the code, or the text it is in; without it, a line of standard input each')
    .addHelpText('after', EXAMPLES)
    .action((text: string | undefined, options: SharedOptions) =>
      answerEach(text, { json: options.json, answer: (input) => answer(input, options) }),
    )
  return withSharedOptions(command)
}

const EXAMPLES = `
At most 30. They are for a person to choose from: look up which of them is known, never take the first unseen.

Example:
  $ waybill suggest FR7-K29-QXR --length 9
  RF7-K29-QXR  two symbols swapped`

const CHANGES: Readonly<Record<Suggestion['change'], string>> = {
  none: 'fits as it stands',
  folded: 'symbols that no reference has, replaced',
  symbol: 'one symbol replaced',
  swap: 'two symbols swapped',
  extra: 'one symbol left out',
  missing: 'one symbol put in',
}

function answer(text: string, { namespace, length }: SharedOptions): Answer {
  const suggestions = suggestReferences(text, { lengths: length })
  if (suggestions.length === 0) {
    return {
      ok: false,
      reason: 'none',
      message: 'Nothing in this is near a reference. One looks like RF7-K29-QXR.',
    }
  }
  const named = suggestions.map(({ reference, change }) => {
    return { reference, change, traceId: traceIdOf(reference, { namespace }) }
  })
  return {
    ok: true,
    lines: suggestions.map(({ reference, change }) => `${reference}  ${CHANGES[change]}`),
    facts: { suggestions: named },
  }
}
