import { Option } from 'commander'
import { standardInput } from './standardInput.ts'

/** `--person`, for commands about what is kept of somebody. */
export function personOption(): Option {
  return new Option('--person <id>', 'the customer’s id in your application; - reads it from standard input')
}

/** The id. From standard input where asked so, because a command line would show to everybody on the machine and leave in the shell’s history. */
export async function personIn(option: string): Promise<string> {
  return option === '-' ? (await standardInput()).trim() : option
}
