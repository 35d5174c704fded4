import { Command } from 'commander'
import type { TrailSummary } from '../lookup/Match.ts'
import { askDesk, isLookUpAnswer, withDeskOptions } from './askDesk.ts'
import type { AskedDesk } from './askDesk.ts'
import { unseenText } from '../lookup/unseenText.ts'
import { standardInput } from './standardInput.ts'
import { trailText } from './trailText.ts'
import { cutText } from './wrapText.ts'

/** `waybill find`: the desk's one search, from a terminal. */
export function findCommand(): Command {
  return withDeskOptions(new Command('find'))
    .description(
      'look up what happened: by a reference, a message, a trace-id, an order or ticket number, a customer’s id',
    )
    .argument('<anything...>', 'what there is to go by; - reads it from standard input')
    .option('--json', 'print JSON, one trail a line')
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
Prints where it started, what touched it, where it failed and what to do, then the steps. Several trails may match; none is chosen.
Knowing a reference proves nobody's identity.

Exit codes: 0 found; 1 nothing is known by it; 2 used wrongly, or the desk gave no answer; 3 not found, but not everything could be searched.

Examples:
  $ waybill find RF7-K29-QXR
  $ waybill find ZD-4711 --desk https://desk.shop.example --json
  $ waybill find - < message.txt`

interface FindCommandOptions extends AskedDesk {
  readonly json?: boolean
}

async function run(words: readonly string[], { json, ...where }: FindCommandOptions): Promise<void> {
  const text = words.length === 1 && words[0] === '-' ? await standardInput() : words.join(' ')
  const asked = await askDesk('/api/search', { ...where, text, isAnswer: isLookUpAnswer })
  if (!asked.ok) {
    console.error(asked.message)
    process.exitCode = 2
    return
  }
  const { matches, more, claims, suggestions, keepDays, complete, unseen } = asked.answer
  // An answer that was cut short is told of in any form, or a script would take it for the whole.
  if (!complete) for (const line of unseenText(unseen)) console.error(`[waybill] Incomplete: ${line}`)
  if (matches.length === 0) {
    process.exitCode = complete ? 1 : 3
    if (json) return
    console.error(
      complete
        ? `[waybill] Nothing is known by it. What nothing was added to for ${keepDays} days is gone.`
        : '[waybill] It was not found in what could be searched. It may be there all the same: try again later.',
    )
    if (suggestions.length > 0) console.error('Perhaps one of these was meant; ask before you believe it:')
    for (const each of suggestions) console.error(`  ${suggestionLine(each)}`)
    return
  }
  if (json) {
    for (const match of matches) console.log(JSON.stringify(match))
    return
  }
  if (matches.length > 1)
    console.log(`${matches.length}${more ? ' of more' : ''} trails match. They may be of different customers.\n`)
  console.log(matches.map(trailText).join(`\n\n${'─'.repeat(80)}\n\n`))
  const shown = matches.filter(({ foundBy }) => foundBy.startsWith('claim')).length
  if (claims > shown) console.log(`\n${claims - shown} more are tied to it by browsers' word only.`)
}

function suggestionLine({ reference, action, outcome }: TrailSummary): string {
  return cutText(`${reference}  ${action ?? 'unnamed'} · ${outcome.state}`, 78)
}
