import { referenceOfTraceId } from '@waybill/reference'
import { Command } from 'commander'
import { answerEach } from './answerEach.ts'
import type { Answer } from './answerEach.ts'
import { withSharedOptions } from './sharedOptions.ts'
import type { SharedOptions } from './sharedOptions.ts'

/** `waybill reference`: from what a tool shows back to the code. */
export function referenceCommand(): Command {
  const command = new Command('reference')
    .description('print the reference a trace-id stands for')
    .argument(
      '[trace-id]',
      '1 to 32 hex digits, X-Ray’s 1-8-24 form, or a decimal 64-bit id; without one, a line of standard input each',
    )
    .addHelpText('after', EXAMPLES)
    .action((text: string | undefined, options: SharedOptions) =>
      answerEach(text, { json: options.json, answer: (input) => answer(input, options) }),
    )
  return withSharedOptions(command)
}

const EXAMPLES = `
Examples:
  $ waybill reference 58966c09301c7f96349e6590bb5f6250
  RF7-K29-QXR
  $ waybill reference 3791579608585822800 --json
  {"input":"3791579608585822800","reference":"RF7-K29-QXR","level":"low64"}

Level: full when all 128 bits agree; low64 when the tool kept only the low half.`

function answer(text: string, { namespace, length }: SharedOptions): Answer {
  const decoded = referenceOfTraceId(text, { namespace, lengths: length })
  if (decoded) return { ok: true, lines: [decoded.reference], facts: { ...decoded } }
  return {
    ok: false,
    reason: 'foreign',
    message: 'This trace-id was not made from a reference, or in another namespace. Check --namespace and --length.',
  }
}
