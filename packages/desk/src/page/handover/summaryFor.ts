import { cleanText } from '@waybill/trail'
import type { CorrectedClock, Handling, Match, MatchStep } from '../../lookup/Match.ts'
import { SPAN_STORE_NAMES, unseenText } from '../../lookup/unseenText.ts'
import { linkWords } from '../answer/linkWords.ts'

/**
 * A trail as plain text for engineering: every id, every step, times in UTC as they stand in logs. No stored text can begin a line of its
 * own, and pasted into a spreadsheet no line is a formula.
 */
export function summaryFor(match: Match, { address }: SummaryOptions): string {
  const { reference, traceId, action, outcome, later, session, facts, remains, aliases, steps, links, noted, unseen } =
    match
  const { owner, handling, clocks, screen, traceLinks } = match
  const head = [
    `${reference}  ${action ?? 'unnamed'}  ${outcome.state}${outcome.hop ? ` at ${outcome.hop}` : ''}`,
    outcome.sentence,
    ...unseenText(unseen).map((line) => `incomplete: ${line}`),
    ...later.map((run) => `later, ${run.at}, ${run.name}: ${run.sentence}`),
    `trace-id ${traceId}`,
    ...aliases.map((alias) => `also traced as ${alias}`),
    ...(session ? [`session ${session}`] : []),
    ...Object.entries(facts).map(([name, value]) => `${name} ${value}`),
    ...noted.map(
      ({ kind, value, state, service }) => `${kind} ${value}${state ? ` (${state})` : ''}, noted by ${service}`,
    ),
    ...(remains ? [`left as ${remains}`] : []),
    ...(owner ? [`looked after by ${[owner.name, owner.contact, owner.url].filter(Boolean).join(', ')}`] : []),
    ...(handling ? [handlingLine(handling)] : []),
    ...(screen ? [`the screen said, ${screen.at}: ${screen.text}`] : []),
    ...clocks.map(clockLine),
    ...links.map((linked) => {
      const { count, references } = linked
      const rest = count - references.length
      return `${linkWords(linked)} ${references.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    }),
    ...traceLinks.map(({ name, href }) => `in ${name}: ${href}`),
    address,
  ]
  return [...head, '', ...steps.map(lineOf)].map(plainLine).join('\n')
}

export interface SummaryOptions {
  /** Where the trail can be looked at. */
  readonly address: string
}

/** Spreadsheets also take the wide forms of these signs, which keyboards for Chinese and Japanese have, for formulas. */
function plainLine(line: string): string {
  return cleanText(line).replace(/^(?=[=+@＝＋－＠-])/, '· ')
}

function handlingLine({ state, by, who, note, at, isOutdated }: Handling): string {
  const words = { taken: 'taken up', done: 'handled', open: 'given back' }[state]
  return `${words} by ${by} (signed in as ${who}), ${at}${isOutdated ? ' (something failed since)' : ''}${note === null ? '' : `: ${note}`}`
}

function clockLine({ service, claimed, aheadMs, isLeast }: CorrectedClock): string {
  const side = aheadMs < 0 ? 'behind' : 'ahead'
  const whose = claimed ? 'the customer’s device' : service
  return `clock corrected: that of ${whose} is ${isLeast ? 'at least ' : ''}${Math.abs(Math.round(aheadMs))} ms ${side}`
}

/** What is no part of the outcome above. */
const PART_NOTES: Readonly<Partial<Record<MatchStep['part'], string>>> = {
  later: 'a later run',
  apart: 'of a request that no known call caused',
  claims: 'caused no step of a server',
}

function lineOf({
  at,
  atByOwnClock,
  hop,
  service,
  name,
  durationMs,
  status,
  attempt,
  error,
  claimed,
  part,
  source,
  id,
}: MatchStep): string {
  const notes = [
    attempt !== null && `attempt ${attempt}`,
    status === 'error' ? `error ${error?.type ?? ''}`.trim() : status,
    error?.message,
    atByOwnClock !== null && `its own clock said ${atByOwnClock}`,
    claimed && 'reported by the browser',
    PART_NOTES[part],
    source !== 'desk' && `read from ${SPAN_STORE_NAMES[source]}`,
  ].filter(Boolean)
  return `${at}  ${hop.padEnd(8)} ${service}  ${name}  ${Math.round(durationMs)} ms  ${notes.join(', ')}  [${id}]`
}
