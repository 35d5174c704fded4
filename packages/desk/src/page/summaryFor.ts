import type { Match, MatchStep } from '../lookup/Match.ts'

/** A trail as plain text for engineering: every id, every step, times in UTC as they stand in logs. */
export function summaryFor(match: Match, { address }: SummaryOptions): string {
  const { reference, traceId, action, outcome, session, facts, remains, aliases, steps } = match
  const head = [
    `${reference}  ${action ?? 'unnamed'}  ${outcome.state}${outcome.hop ? ` at ${outcome.hop}` : ''}`,
    outcome.sentence,
    `trace-id ${traceId}`,
    ...aliases.map((alias) => `also traced as ${alias}`),
    ...(session ? [`session ${session}`] : []),
    ...Object.entries(facts).map(([name, value]) => `${name} ${value}`),
    ...(remains ? [`left as ${remains}`] : []),
    address,
  ]
  return [...head, '', ...steps.map(lineOf)].join('\n')
}

export interface SummaryOptions {
  /** Where the trail can be looked at. */
  readonly address: string
}

function lineOf({ at, hop, service, name, durationMs, status, attempt, error, claimed, id }: MatchStep): string {
  const notes = [
    attempt !== null && `attempt ${attempt}`,
    status === 'error' ? `error ${error?.type ?? ''}`.trim() : status,
    error?.message,
    claimed && 'reported by the browser',
  ].filter(Boolean)
  return `${at}  ${hop.padEnd(8)} ${service}  ${name}  ${Math.round(durationMs)} ms  ${notes.join(', ')}  [${id}]`
}
