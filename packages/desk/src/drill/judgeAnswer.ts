import type { Acted, Shown } from './act.ts'
import type { DrillHop } from './DrillConfig.ts'
import { isFault } from './Finding.ts'
import type { Finding, Given } from './Finding.ts'
import type { Judgement } from './judgeRecords.ts'

/** The first link of the chain: what the service that the customer calls answers with. */
export function judgeAnswer({ sent, answered, shown, status }: Acted): Judged {
  const base = { name: 'answer', kind: 'answer', cause: null, also: [] } as const
  const reference = sent ?? answered ?? shown?.id ?? null
  const holds = { ids: new Set(answered === null ? [] : [answered]), isNonePossible: false }
  const said = `status ${status}`
  if (answered === null) {
    const finding = { ...base, verdict: 'missing', detail: `${said}, no reference in its headers`, others: [] } as const
    // What it does inside may well be under the right one.
    return judgedOf(finding, {
      ids: new Set(reference === null ? [] : [reference]),
      isNonePossible: reference === null,
    })
  }
  if (answered !== reference) return judgedOf({ ...base, verdict: 'changed', detail: said, others: [answered] }, holds)
  return judgedOf(
    {
      ...base,
      verdict: 'present',
      detail: `${said}, ${sent === null ? 'begun by the service' : 'as it was sent'}`,
      others: [],
    },
    holds,
  )
}

function judgedOf(finding: Finding, holds: Given): Judged {
  const { verdict, also, detail, others } = finding
  return { finding, verdict, also, detail, others, holds, isSettled: true }
}

/** What the customer reads has to be what support finds in the logs. */
export function judgeScreen(shown: Shown, answer: Judged): Finding {
  const base = { name: 'screen', kind: 'screen', cause: null, also: [] } as const
  const ids = answer.holds.ids
  if (shown.id === null) return { ...base, verdict: 'missing', detail: 'no reference is shown', others: [] }
  if (ids.size === 0 || ids.has(shown.id))
    return { ...base, verdict: 'present', detail: 'what is shown is what was answered', others: [] }
  return { ...base, verdict: 'changed', detail: 'what is shown is not what was answered', others: [shown.id] }
}

export interface Judged extends Judgement {
  readonly finding: Finding
}

/**
 * What a hop was given: by those that its `after` names, or by those above it, up to the nearest that had the reference. So a place that
 * only hands a wrong one on is told from one that makes it wrong.
 */
export function givenTo({ after }: DrillHop, judged: readonly Judged[]): { given: Given; cause: string | null } {
  const ids = new Set<string>()
  let isNonePossible = false
  let cause: string | null = null
  const chain = after === null ? judged.toReversed() : judged.filter(({ finding }) => after.includes(finding.name))
  for (const { finding, holds } of chain) {
    if (finding.kind === 'desk' || finding.verdict === 'no-record') continue
    for (const id of holds.ids) ids.add(id)
    isNonePossible ||= holds.isNonePossible
    if (isFault(finding) || finding.verdict === 'follows') cause = finding.cause ?? finding.name
    const hadIt = finding.verdict !== 'follows' && !LOST.has(finding.verdict)
    if (after === null && hadIt) break
  }
  return { given: { ids, isNonePossible }, cause }
}

const LOST: ReadonlySet<Finding['verdict']> = new Set(['changed', 'changed-on-retry', 'missing'])
