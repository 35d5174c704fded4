import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import type { ReferenceLength } from '@waybill/reference'
import { namespaceOption } from './namespaceOption.ts'

/** The options that every command about references takes. */
export function withSharedOptions(command: Command): Command {
  return command
    .addOption(namespaceOption())
    .addOption(
      new Option('-l, --length <list>', 'the lengths in use, such as 9 or 8,9 (default: all)').argParser(lengths),
    )
    .option('--json', 'print JSON, one object a line')
}

export interface SharedOptions {
  readonly namespace: string
  /** Absent: all. */
  readonly length?: readonly ReferenceLength[]
  readonly json?: boolean
}

const LENGTHS: readonly ReferenceLength[] = [8, 9, 10, 12]

function lengths(list: string): ReferenceLength[] {
  return list.split(',').map((text) => {
    const found = LENGTHS.find((length) => String(length) === text.trim())
    if (!found) throw new InvalidArgumentError('A length is 8, 9, 10 or 12.')
    return found
  })
}
