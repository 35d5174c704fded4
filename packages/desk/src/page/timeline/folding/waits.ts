import type { Hop } from '@waybill/trail'
import type { MatchStep } from '../../../lookup/Match.ts'
import { durationText } from '../../durationText.ts'

export interface Wait {
  readonly ms: number
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly text: string
}

/** The wait that a step consisted of, when it was one of more than a second. */
export function waitInside({ at, durationMs, hop }: MatchStep): Wait | null {
  const whom = AWAITED[hop]
  if (!whom || durationMs < NOTEWORTHY_MS) return null
  return { ms: durationMs, from: Date.parse(at), text: `${durationText(durationMs)} waiting for ${whom}` }
}

/** The silence before a step, when it lasted more than a second. */
export function waitBefore(step: MatchStep, quietSince: number): Wait | null {
  const ms = Date.parse(step.at) - quietSince
  if (!(ms >= NOTEWORTHY_MS)) return null
  return { ms, from: quietSince, text: `${durationText(ms)} ${reasonFor(step)}` }
}

const NOTEWORTHY_MS = 1000

const AWAITED: Partial<Record<Hop, string>> = {
  browser: 'the answer',
  model: 'the model',
  tool: 'the tool',
  database: 'the database',
}

function reasonFor({ hop, attempt }: MatchStep): string {
  if (attempt !== null && attempt > 1) return `until attempt ${attempt}`
  return hop === 'worker' ? 'in the queue' : 'without a step'
}
