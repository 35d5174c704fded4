import { InvalidArgumentError } from 'commander'
import { spanIn } from '../spanIn.ts'

/** Reads an option that is a span of time, and gives it as it was written. */
export function timeSpan(text: string): string {
  if (spanIn(text) === null) throw new InvalidArgumentError('It must be a number with m, h or d, such as 24h or 7d.')
  return text
}
