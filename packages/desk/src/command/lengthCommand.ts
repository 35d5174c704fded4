import type { ReferenceLength } from '@waybill/reference'
import { lengthFor, oddsOf } from '@waybill/reference/reading'
import { Command } from 'commander'
import { withSharedOptions } from './sharedOptions.ts'
import type { SharedOptions } from './sharedOptions.ts'
import { wholeNumber } from './wholeNumber.ts'

/** `waybill length`: how long references have to be. */
export function lengthCommand(): Command {
  const command = new Command('length')
    .description('print the shortest length for which at most 1 live reference in 10 000 is shared, and the odds')
    .requiredOption('--per-day <number>', 'customer actions a day', wholeNumber(0, 1e12))
    .requiredOption('--keep-days <number>', 'days for which trails are kept', wholeNumber(0, 36_500))
    .addHelpText('after', EXAMPLES)
    .action(run)
  return withSharedOptions(command)
}

const EXAMPLES = `
With --length the odds of the lengths in use are printed too, and the command ends with 1 when the shortest is too short.

Example:
  $ waybill length --per-day 100000 --keep-days 30
  length 9: 1 in 25,333 of 3,000,000 live references is shared`

interface LengthCommandOptions extends SharedOptions {
  readonly perDay: number
  readonly keepDays: number
}

function run({ perDay, keepDays, length: given = [], json }: LengthCommandOptions): void {
  const { length, odds, live } = lengthFor({ actionsPerDay: perDay, keptDays: keepDays })
  const inUse = given.map((own) => ({ length: own, odds: oddsOf(own, live), enough: own >= length }))
  if (inUse.some(({ enough }) => !enough) || odds > 1e-4) process.exitCode = 1
  if (json) return console.log(JSON.stringify({ length, odds, live, ...(given.length > 0 && { inUse }) }))
  console.log(sentence(length, odds, live))
  for (const own of inUse) {
    if (own.length !== length) console.log(`${sentence(own.length, own.odds, live)}${own.enough ? '' : '; too short'}`)
  }
  if (odds > 1e-4)
    console.error('[waybill] No length is enough for this. Keep trails for fewer days, or expect shared references.')
}

function sentence(length: ReferenceLength, odds: number, live: number): string {
  const number = (value: number): string => value.toLocaleString('en')
  if (live === 0) return `length ${length}: nothing is live, so nothing is shared`
  return `length ${length}: 1 in ${number(Math.floor(1 / odds))} of ${number(live)} live references is shared`
}
