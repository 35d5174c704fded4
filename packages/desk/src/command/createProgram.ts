import { referenceOfTraceId, parseReference, traceIdOf } from '@waybill/reference'
import { Command } from 'commander'
import { deskCommand } from './deskCommand.ts'
import { namespaceOption } from './namespaceOption.ts'

/** The `waybill` command. Exit codes: 0 done; 1 the answer is no, or the desk could not start; 2 used wrongly. */
export function createProgram(): Command {
  const program = new Command('waybill')
    .description('One short reference follows a customer action through every system that touches it.')
    .showHelpAfterError('(see waybill --help)')
    .addCommand(traceIdCommand())
    .addCommand(referenceCommand())
    .addCommand(deskCommand())
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
      .configureOutput(program.configureOutput())
  }
  return program
}

/** Ends the command with a sentence on standard error. */
function give(message: string): never {
  console.error(message)
  process.exit(1)
}

function traceIdCommand(): Command {
  return new Command('trace-id')
    .description('print the trace-id a reference stands for')
    .argument('<reference>', 'in any shape: RF7-K29-QXR, rf7k29qxr, ORD-RF7-K29-QXR')
    .addOption(namespaceOption())
    .addHelpText('after', '\nExample:\n  $ waybill trace-id RF7-K29-QXR\n  58966c09301c7f96349e6590bb5f6250')
    .action((text: string, { namespace }: Named) => {
      const parsed = parseReference(text)
      if (parsed.ok) return console.log(traceIdOf(parsed.reference, { namespace }))
      return give(REASONS[parsed.reason])
    })
}

function referenceCommand(): Command {
  return new Command('reference')
    .description('print the reference a trace-id stands for')
    .argument('<trace-id>', '1 to 32 hex digits, X-Ray’s 1-8-24 form, or a decimal 64-bit id')
    .addOption(namespaceOption())
    .addHelpText('after', '\nExample:\n  $ waybill reference 349e6590bb5f6250\n  RF7-K29-QXR')
    .action((text: string, { namespace }: Named) => {
      const decoded = referenceOfTraceId(text, { namespace })
      if (!decoded)
        give('[waybill] This trace-id was not made from a reference, or in another namespace. Check --namespace.')
      console.log(decoded.reference)
    })
}

interface Named {
  readonly namespace: string
}

const REASONS = {
  form: '[waybill] This is not the shape of a reference. One looks like RF7-K29-QXR.',
  check:
    '[waybill] The check symbol does not fit, so a symbol is wrong or two are swapped. Compare it with the source.',
} as const
