import { bodyOf, parseReference, traceIdOf } from '@waybill/reference'
import { Command, Option } from 'commander'
import { answerEach } from './answerEach.ts'
import type { Answer } from './answerEach.ts'
import { withSharedOptions } from './sharedOptions.ts'
import type { SharedOptions } from './sharedOptions.ts'

/** `waybill trace-id`: from the code to what tools call it. */
export function traceIdCommand(): Command {
  const command = new Command('trace-id')
    .description('print the trace-id a reference stands for')
    .argument('[reference]', 'RF7-K29-QXR, rf7k29qxr, ORD-RF7-K29-QXR; without one, a line of standard input each')
    .addOption(new Option('-f, --form <form>', 'as which tool shows it').choices(FORMS).default('hex'))
    .addHelpText('after', EXAMPLES)
    .action((text: string | undefined, options: TraceIdCommandOptions) =>
      answerEach(text, { json: options.json, answer: (input) => answer(input, options) }),
    )
  return withSharedOptions(command)
}

const FORMS = ['hex', 'low64', 'decimal', 'x-ray'] as const

const EXAMPLES = `
Forms: hex, all 32 digits; low64, the 16 that Datadog and B3 keep; decimal, those as Datadog prints them; x-ray, 1-8-24.

Examples:
  $ waybill trace-id RF7-K29-QXR
  58966c09301c7f96349e6590bb5f6250
  $ waybill trace-id RF7-K29-QXR --form decimal
  3791579608585822800
  $ waybill trace-id --json < references.txt`

interface TraceIdCommandOptions extends SharedOptions {
  readonly form: (typeof FORMS)[number]
}

function answer(text: string, { namespace, length, form }: TraceIdCommandOptions): Answer {
  const parsed = parseReference(text)
  if (!parsed.ok) return { ok: false, reason: parsed.reason, message: REASONS[parsed.reason] }
  const { reference } = parsed
  if (length && !length.some((own) => own === bodyOf(reference).length)) {
    return { ok: false, reason: 'length', message: REASONS.length }
  }
  const traceId = traceIdOf(reference, { namespace })
  const low64 = traceId.slice(16)
  const forms = {
    hex: traceId,
    low64,
    decimal: BigInt(`0x${low64}`).toString(),
    'x-ray': `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`,
  }
  const { hex: _, ...others } = forms
  return { ok: true, lines: [forms[form]], facts: { reference, traceId, ...others } }
}

const REASONS = {
  form: 'This is not the shape of a reference. One looks like RF7-K29-QXR. For one inside a text, see waybill read.',
  check:
    'The check symbol does not fit, so a symbol is wrong or two are swapped. See waybill suggest for what it may have been.',
  length: 'This reference is of a length that is not in use. Check --length.',
} as const
