import type { DrillHop } from './DrillConfig.ts'
import type { Finding } from './Finding.ts'
import { identitiesIn, identityOf } from './identityOf.ts'
import { isMatch } from './judgeRecords.ts'
import type { DrillRecord } from './parseRecords.ts'

/** A run of a schedule is nobody's action: it has a reference, and one of its own. */
export function judgeRun(records: readonly DrillRecord[], { hop, match, taken, namespace }: RunOptions): Finding {
  const base = { name: hop.name, kind: hop.kind, cause: null, also: [] } as const
  const own = match === null ? records : records.filter((record) => isMatch(record, match))
  if (own.length === 0)
    return { ...base, verdict: 'no-record', detail: 'nothing new was seen after it was set off', others: [] }
  const ids = own.map((record) => runIdIn(record, hop, namespace))
  const borrowed = ids.find((id) => id !== null && taken.has(id))
  if (borrowed)
    return {
      ...base,
      verdict: 'no-run',
      detail: 'it ran under the reference of a customer or of whoever set it off',
      others: [borrowed],
    }
  const without = ids.filter((id) => id === null).length
  if (without > 0) {
    const inText = own.some((record) => identitiesIn(record.text, namespace).size > 0)
    const detail = `${without} of its ${own.length} records had none`
    return inText
      ? { ...base, verdict: 'text-only', detail, others: [] }
      : { ...base, verdict: 'no-run', detail, others: [] }
  }
  return {
    ...base,
    verdict: 'present',
    detail: `a reference of its own`,
    others: [...new Set(ids)].filter((id) => id !== null),
  }
}

export interface RunOptions {
  readonly hop: DrillHop
  readonly match: DrillHop['match']
  /** References that are somebody's already. */
  readonly taken: ReadonlySet<string>
  readonly namespace: string
}

function runIdIn(record: DrillRecord, { fields }: DrillHop, namespace: string): string | null {
  const isTold = fields.length > 0
  for (const { path, value } of record.values) {
    if (isTold && !fields.some((field) => field.toLowerCase() === path.toLowerCase())) continue
    const identity = identityOf(value, { namespace, isTold })
    if (identity) return identity.id
  }
  return null
}
