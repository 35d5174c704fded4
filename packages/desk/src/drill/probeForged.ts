import { randomBytes } from 'node:crypto'
import { mintReference, traceIdOf, traceparentOf } from '@waybill/reference'
import { headersOf } from './act.ts'
import type { ActOptions } from './act.ts'
import { callHttp } from './callHttp.ts'
import type { DrillCall, DrillHop } from './DrillConfig.ts'
import type { Finding } from './Finding.ts'
import { pause } from './lookUntil.ts'
import type { OpenSource } from './openSource.ts'
import type { DrillRecord } from './parseRecords.ts'

/**
 * Sends headers that nobody may believe, and a right one as the last, and says which came back: in the answer, or in the reference's
 * field of a log. Each is of this drill alone, so what comes back cannot be anybody else's.
 */
export async function probeForged(call: DrillCall, { logs, ...options }: ProbeOptions): Promise<Finding> {
  const { namespace } = options
  const probes = forgeries(namespace)
  const echoes = new Set<string>()
  let isHeard = false
  for (const { what, headers, tokens } of probes) {
    const { headers: answered, text } = await callHttp(call, { ...options, where: 'forged', extra: headers })
    const all = [...answered.values(), referenceIn(text)].join('\n')
    isHeard ||= answered.has('trace-reference') || /traceparent/.test(answered.get('server-timing') ?? '')
    if (tokens.some((token) => all.includes(token))) echoes.add(`${what} in the answer`)
  }
  const control = mintReference()
  const { headers } = await callHttp(call, { ...options, where: 'forged', extra: headersOf(control, namespace) })
  isHeard ||= [...headers.values()].some((value) => value.includes(control))

  // Logs are written later than answers; the right one in them says that they have caught up.
  let isCaughtUp = false
  for (let turn = 0; turn < TURNS && !isCaughtUp; turn++) {
    if (turn > 0) await pause(TURN_MS, options.signal)
    for (const { hop, source } of logs) {
      const records = await source.read()
      isCaughtUp ||= records.some(
        ({ text }) => text.includes(control) || text.includes(traceIdOf(control, { namespace })),
      )
      for (const { what, tokens } of probes) {
        const values = records.flatMap((record) => referenceValues(record, hop))
        if (tokens.some((token) => values.some((value) => value.includes(token))))
          echoes.add(`${what} in "${hop.name}"`)
      }
    }
  }
  const shared = { name: 'forged headers', kind: 'forged', also: [], others: [], cause: null } as const
  if (echoes.size > 0) return { ...shared, verdict: 'echoed', detail: [...echoes].join('; ') }
  if (!isHeard && !isCaughtUp)
    return {
      ...shared,
      verdict: 'no-record',
      detail: 'neither answer nor log held the right reference either, so nothing was tried',
    }
  return { ...shared, verdict: 'present', detail: `none of ${probes.length} was believed` }
}

export interface ProbeOptions extends ActOptions {
  /** The logs to look into, opened before. */
  readonly logs: readonly { readonly hop: DrillHop; readonly source: OpenSource }[]
  readonly signal: AbortSignal
}

const TURNS = 10
const TURN_MS = 150

interface Forgery {
  readonly what: string
  readonly headers: Readonly<Record<string, string>>
  /** What must not come back. */
  readonly tokens: readonly string[]
}

function forgeries(namespace: string): readonly Forgery[] {
  const token = (): string => `z${randomBytes(6).toString('hex')}`
  const [garbage, wrong, parent, claimed, other, long] = [
    token(),
    mintReference(),
    token(),
    mintReference(),
    mintReference(),
    token(),
  ]
  const wrongCheck = wrong.slice(0, -1) + (wrong.endsWith('2') ? '3' : '2')
  const otherTrace = traceIdOf(other, { namespace })
  const malformed = `00-${parent.padEnd(32, 'z')}-${'0'.repeat(16)}-01`
  return [
    { what: 'garbage', headers: { 'trace-reference': `${garbage}" onload=x reference=` }, tokens: [garbage] },
    { what: 'a wrong check symbol', headers: { 'trace-reference': wrongCheck }, tokens: [wrongCheck] },
    { what: 'a malformed traceparent', headers: { traceparent: malformed }, tokens: [parent] },
    {
      what: 'a trace-id that contradicts the reference',
      headers: { 'trace-reference': claimed, traceparent: traceparentOf(otherTrace) },
      tokens: [claimed, other, otherTrace, traceIdOf(claimed, { namespace })],
    },
    { what: '4 kB', headers: { 'trace-reference': long.repeat(300) }, tokens: [long] },
  ]
}

function referenceIn(text: string): string {
  try {
    return String(Object(JSON.parse(text)).reference ?? '')
  } catch {
    return ''
  }
}

/** The field that was told, else every one that is named like it. Headers that are logged as they came are no belief in them. */
function referenceValues({ values }: DrillRecord, { fields }: DrillHop): string[] {
  return values
    .filter(({ path }) =>
      fields.length > 0
        ? fields.some((field) => field.toLowerCase() === path.toLowerCase())
        : /(?:reference|trace|request_?id|correlation)[^.]*$/i.test(path) && !/headers?\./i.test(path),
    )
    .map(({ value }) => value)
}
