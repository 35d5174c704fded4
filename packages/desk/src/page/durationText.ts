import { durationText as plainDuration } from '@waybill/trail'

/** A duration in words that is never broken over two lines. */
export function durationText(ms: number): string {
  return plainDuration(ms).replaceAll(' ', '\u00a0')
}
