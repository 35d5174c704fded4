import { stepWords } from '@waybill/trail'
import { handlingText } from '../handling/handlingText.ts'
import type { Match, MatchStep } from '../lookup/Match.ts'
import { unseenText } from '../lookup/unseenText.ts'
import { ownerText } from '../owners/ownerText.ts'
import { dayAndTime } from '../page/dayAndTime.ts'
import { momentText } from '../page/momentText.ts'
import { durationText } from '../page/durationText.ts'
import { fourFacts } from '../page/answer/fourFacts.ts'
import { wrapText } from './wrapText.ts'

/** One trail for a terminal of 80 columns: how it stands, the four answers of support, and its steps. Times are this machine's. */
export function trailText(match: Match): string {
  const { reference, action, outcome, startedAt, foundBy, claimed, later, noted, steps, handling, owner } = match
  const state = `${outcome.state}${outcome.hop ? ` at ${outcome.hop}` : ''}`
  const { started, touched, failed, todo } = fourFacts(match)
  const facts = [
    ['Started', started],
    ['Touched', touched],
    ['Failed', failed],
    ['What to do', todo],
    // A desk of an earlier version tells neither.
    ...(handling ? [['Handled', handlingText(handling, { clock: dayAndTime })] as const] : []),
    ...(owner ? [['Owner', ownerText(owner)] as const] : []),
    ...later.map((run) => ['Later', `${momentText(run.at)} ${run.name}: ${run.sentence}`] as const),
    ...noted.map(
      ({ kind, value, state, service }) =>
        ['Noted', `${kind} ${value}${state ? ` (${state})` : ''}, by ${service}`] as const,
    ),
  ] as const
  return [
    wrapText(`${action ?? 'unnamed'} · ${state}`, { head: `${reference}  ` }),
    wrapText(dayAndTime(startedAt), { head: INDENT }),
    ...(foundBy.startsWith('claim') ? [wrapText(BY_CLAIM, { head: INDENT })] : []),
    ...unseenText(match.unseen).map((line) => wrapText(`Incomplete: ${line}`, { head: INDENT })),
    ...(claimed ? [wrapText('Only the customer’s browser reported it.', { head: INDENT })] : []),
    '',
    wrapText(outcome.sentence, { head: INDENT }),
    '',
    ...facts.map(([label, text]) => wrapText(text, { head: `${INDENT}${label.padEnd(12)}` })),
    '',
    ...steps.slice(0, MOST_STEPS).map(stepLine),
    ...(steps.length > MOST_STEPS
      ? [`${INDENT}… and ${steps.length - MOST_STEPS} steps more; --json prints all.`]
      : []),
  ].join('\n')
}

const INDENT = '  '
/** More than anybody reads in a terminal. */
const MOST_STEPS = 200

const BY_CLAIM = 'Only a browser’s word ties this trail to what was looked for; it may be somebody else’s.'

const PART_NOTES: Readonly<Partial<Record<MatchStep['part'], string>>> = {
  later: 'a later run',
  apart: 'of a request that no known call caused',
  claims: 'caused no step of a server',
}

function stepLine(step: MatchStep): string {
  const { subject, deed, trouble } = stepWords(step)
  const notes = [
    step.attempt !== null && step.attempt > 1 && `attempt ${step.attempt}`,
    step.status === 'running' ? 'going on' : durationText(step.durationMs),
    step.remains && `left as ${step.remains}`,
    step.claimed && 'reported by the browser',
    PART_NOTES[step.part],
  ].filter((note) => typeof note === 'string' && note !== '')
  const time = momentText(step.at, { as: 'milliseconds' })
  const words = `${subject} ${deed}${trouble ? `; ${trouble}` : ''} (${notes.join(', ')})`
  return wrapText(words, { head: `${INDENT}${time} ${step.status === 'error' ? '✗' : ' '} ` })
}
