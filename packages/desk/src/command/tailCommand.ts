import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import type { TrailSummary } from '../lookup/Match.ts'
import { unseenText } from '../lookup/unseenText.ts'
import { momentText } from '../page/momentText.ts'
import { askDesk, isRecentTrails, withDeskOptions } from './askDesk.ts'
import type { AskedDesk } from './askDesk.ts'
import { timeSpan } from './timeSpan.ts'
import { cutText } from './wrapText.ts'

/** `waybill tail`: a line for each trail, and another whenever it stands otherwise, until it is interrupted. */
export function tailCommand(): Command {
  return withDeskOptions(new Command('tail'))
    .description('follow what happens: a line for each trail, and another when it stands otherwise')
    .option('--since <span>', 'how far back to begin, such as 10m or 2h', timeSpan, '10m')
    .option('--failed', 'only what failed')
    .option('--once', 'print what there is, and end')
    .option('--json', 'print JSON, one trail a line, without its steps')
    .addHelpText('after', EXAMPLES)
    .action(run)
}

const EXAMPLES = `
Asks every 5 seconds. What only browsers tell of is marked "claimed". waybill find shows a whole trail.

Exit codes: 0 interrupted, or --once; 1 the desk refuses; 2 used wrongly.

Examples:
  $ waybill tail --failed
  10:15:20  RF7-K29-QXR  failed     Request refund · Manual fix needed
  $ waybill tail --since 1d --once --json | jq -r .reference`

interface TailCommandOptions extends AskedDesk {
  readonly since: string
  readonly failed?: boolean
  readonly once?: boolean
  readonly json?: boolean
}

async function run({ since, failed, once, json, ...where }: TailCommandOptions): Promise<void> {
  const seen = new Map<string, string>()
  let trouble = ''
  let hasWarned = false
  process.once('SIGINT', () => process.exit(0))
  process.once('SIGTERM', () => process.exit(0))
  for (;;) {
    const asked = await askDesk(`/api/recent?since=${since}${failed ? '&failed=1' : ''}`, {
      ...where,
      isAnswer: isRecentTrails,
    })
    if (asked.ok) {
      // Last come last, as in any log.
      for (const trail of asked.answer.trails.toReversed()) {
        const standing = JSON.stringify([trail.outcome, trail.later.map(({ sentence }) => sentence)])
        if (seen.get(trail.reference) === standing) continue
        remember(seen, trail.reference, standing)
        console.log(json ? JSON.stringify(trail) : tailLine(trail))
      }
      if (asked.answer.more && !hasWarned) console.error(`[waybill] ${MORE}`)
      hasWarned ||= asked.answer.more
      const missing = unseenText(asked.answer.unseen).join(' ')
      if (missing !== '' && missing !== trouble) console.error(`[waybill] Incomplete: ${missing}`)
      trouble = missing
    } else {
      if (asked.message !== trouble) console.error(asked.message)
      trouble = asked.message
      const mayPass = asked.reason === 'busy' || asked.reason === 'unreachable'
      if (!mayPass || once) {
        process.exitCode = asked.reason === 'misuse' ? 2 : 1
        return
      }
    }
    if (once) return
    await sleep(PAUSE_MS)
  }
}

/** `10:15:20  RF7-K29-QXR  failed     Request refund · Manual fix needed` */
export function tailLine({ startedAt, reference, outcome, action, claimed }: TrailSummary): string {
  const state = outcome.pageFailure === null ? outcome.state : 'disputed'
  const head = `${momentText(startedAt)}  ${reference.padEnd(11)}  ${state.padEnd(9)}  `
  return head + cutText(`${claimed ? 'claimed: ' : ''}${action ?? 'unnamed'} · ${outcome.todo}`, 80 - head.length)
}

const PAUSE_MS = 5000
const MOST_SEEN = 10_000
const MORE =
  'More happened than the desk lists at once, so some of it is missing here. Give a shorter --since, or --failed.'

function remember(seen: Map<string, string>, reference: string, standing: string): void {
  seen.delete(reference)
  seen.set(reference, standing)
  const oldest = seen.size > MOST_SEEN ? seen.keys().next().value : undefined
  if (oldest !== undefined) seen.delete(oldest)
}
