import { cleanText, durationText } from '@waybill/trail'
import { faultsOf } from './Finding.ts'
import type { Finding, Verdict } from './Finding.ts'
import type { DrillReport } from './runDrill.ts'

/** The report for people: a table, then each fault in words. Foreign ids in it are cleaned of everything that a terminal obeys. */
export function reportText({ reference, tookMs, faults, findings }: DrillReport): string {
  const rows = findings.map((finding) => [
    MARKS[markOf(finding)],
    cleanText(finding.name),
    WORDS[finding.verdict],
    detailOf(finding),
  ])
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)))
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
      .join('  ')
      .trimEnd(),
  )
  const said = findings.flatMap((finding) =>
    faultsOf(finding).map((verdict) => `${cleanText(finding.name)}: ${sentencesFor({ ...finding, verdict })}`),
  )
  const end =
    faults === 0
      ? `${reference ?? 'Nothing'} is on all ${findings.length} places.`
      : `${faults} fault${faults === 1 ? '' : 's'}.${findings.some(({ verdict }) => verdict === 'follows') ? ' What follows from one may hide another: mend it, then drill again.' : ''}`
  return [
    `${reference ?? 'No reference'}, drilled in ${durationText(tookMs)}`,
    '',
    ...table,
    '',
    ...said.flatMap((each) => [each, '']),
    end,
  ].join('\n')
}

type Mark = 'good' | 'fault' | 'follows'

const MARKS: Readonly<Record<Mark, string>> = { good: 'ok   ', fault: 'FAULT', follows: '  -  ' }

function markOf(finding: Finding): Mark {
  return faultsOf(finding).length > 0 ? 'fault' : finding.verdict === 'follows' ? 'follows' : 'good'
}

const WORDS: Readonly<Record<Verdict, string>> = {
  present: 'there',
  'text-only': 'only inside text',
  changed: 'another id',
  'changed-on-retry': 'another id on retry',
  missing: 'missing',
  form: 'in another shape',
  'no-attempt': 'attempt without number',
  'no-run': 'no run of its own',
  echoed: 'believed a forgery',
  'no-record': 'nothing seen',
  follows: 'as it was given',
}

function detailOf({ detail, others, cause, verdict }: Finding): string {
  const ids = others.slice(0, 3)
  const more = others.length > 3 ? ` and ${others.length - 3} more` : ''
  const from = cause === null ? '' : `; follows from "${cleanText(cause)}"`
  const list = ids.length === 0 ? '' : `${verdict === 'present' ? ': ' : ', under '}${ids.join(', ')}${more}`
  return `${cleanText(detail)}${list}${from}`
}

/** What happened, why it matters, what to do. */
function sentencesFor({ verdict, kind, detail }: Finding): string {
  switch (verdict) {
    case 'changed':
      if (kind === 'screen')
        return 'The customer reads another reference than the logs have, so support finds nothing by it. Show the one of the answer’s Trace-Reference header.'
      return `This service began an id of its own although it was given the reference, so what it does is found by neither. Take it from what comes in (${INTO[kind] ?? 'waybill.accept'}).`
    case 'changed-on-retry':
      return 'The first attempt had the reference and a later one has another, so retries look like other people’s work. Take it from the message on every attempt, and count attempts in a field of their own.'
    case 'missing':
      if (kind === 'dead-letters')
        return 'The message was set aside without the reference, just where support needs it. Copy the message’s headers or envelope along when it is dead-lettered.'
      if (kind === 'screen')
        return 'The customer has nothing to quote. Show the reference of the answer where the failure is shown.'
      if (kind === 'answer')
        return 'The customer’s browser cannot learn the reference. Answer with Trace-Reference and expose it (waybillMiddleware does).'
      return `The record was written without the reference, and from here on it can only be guessed. Put it in: ${INTO[kind] ?? 'waybill.inject'}.`
    case 'text-only':
      return 'A search by field, an alert rule and a join all miss it there. Write it in a field of its own (waybill.logFields()), and leave it out of the text.'
    case 'form':
      return 'A search for the code as it is printed does not find it. Store it as printed, in capitals with hyphens.'
    case 'no-attempt':
      return 'Attempts cannot be told apart. Write the number of the attempt in a field of its own.'
    case 'no-run':
      return 'What the schedule does cannot be looked up, or is mixed into a customer’s trail. Begin each run with a reference of its own: waybill.run({ hop: "schedule", name: … }, …).'
    case 'echoed':
      return `Anybody can write into your logs and under other people’s references: ${cleanText(detail)}. Check what comes in before it is used (waybill.accept), and begin a new reference where it does not hold.`
    case 'no-record':
      return `${capital(cleanText(detail))}, so this place proves nothing. Check where the drill looks, its match and "within"; if those are right, nothing is written there.`
    case 'present':
    case 'follows':
      return ''
    default:
      return verdict satisfies never
  }
}

const INTO: Readonly<Partial<Record<Finding['kind'], string>>> = {
  api: 'waybillMiddleware and the logger’s mixin',
  queue: 'send by tracedQueue, or waybill.inject(headers)',
  worker: 'work by tracedQueue, or waybill.accept(headers), and the logger’s mixin',
  model: 'traceModels, or traceOutgoing for its origin',
  tool: 'traceModels',
  database: 'tracedDatabase(waybill, pool).transaction and the audit trigger',
  webhook: 'waybillMiddleware with hop: "webhook"',
  alert: 'a field of the alert, not its text',
  support: 'ticketFields(reference)',
  desk: 'deliverTo and key of each service, which sends its steps',
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
