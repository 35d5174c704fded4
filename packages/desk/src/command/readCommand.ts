import { traceIdOf } from '@waybill/reference'
import { findReferences } from '@waybill/reference/reading'
import { Command } from 'commander'
import { withSharedOptions } from './sharedOptions.ts'
import type { SharedOptions } from './sharedOptions.ts'
import { WRITTEN } from '../lookup/writtenWords.ts'
import { standardInput } from './standardInput.ts'

/** `waybill read`: the references in what somebody sent. */
export function readCommand(): Command {
  const command = new Command('read')
    .description('find the references in a text: a chat message, a mail, a code that was spelled out')
    .argument('[text]', 'the text; without it, all of standard input')
    .addHelpText('after', EXAMPLES)
    .action(run)
  return withSharedOptions(command)
}

const EXAMPLES = `
Prints a line for each place: the reference, how sure, line:column, how it was written. Several references for one place
all fit; none of them is the answer.

Examples:
  $ echo "It said RF7-K29-QXR" | waybill read
  RF7-K29-QXR  certain   1:9  as printed
  $ waybill read "romeo foxtrot seven kilo two niner quebec x-ray romeo" --json`

async function run(argument: string | undefined, { namespace, length, json }: SharedOptions): Promise<void> {
  const text = argument ?? (await standardInput())
  const readings = findReferences(text, { lengths: length })
  if (readings.length === 0) {
    process.exitCode = 1
    if (!json) console.error('[waybill] No reference in this text. See waybill suggest for one with a slip in it.')
  }
  const lineAt = linesOf(text)
  for (const { references, ...reading } of readings) {
    const { line, column } = lineAt(reading.start)
    const written = WRITTEN[reading.tier]
    if (json) {
      const named = references.map((reference) => ({ reference, traceId: traceIdOf(reference, { namespace }) }))
      const { start, end } = reading
      console.log(
        JSON.stringify({ references: named, ...reading, written, line, column, text: text.slice(start, end) }),
      )
    } else {
      console.log(`${references.join(' or ')}  ${reading.sure.padEnd(8)}  ${line}:${column}  ${written}`)
    }
  }
}

/** Line and column, both from 1, of offsets that are asked for in ascending order. */
function linesOf(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  let [line, start] = [1, 0]
  return (offset) => {
    for (let end = text.indexOf('\n', start); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
      line += 1
      start = end + 1
    }
    return { line, column: offset - start + 1 }
  }
}
