import type { OutcomeState } from '@waybill/trail'
import { readOwned, writeOwned, writeStored } from '../deviceStorage.ts'

/** A trail that was looked at on this device: what finds it again, and nothing of whose it is or what was typed. */
export interface RecentLookUp {
  readonly reference: string
  readonly action: string | null
  /** ISO 8601. */
  readonly startedAt: string
  readonly outcome: OutcomeState
  /** Milliseconds since the epoch. */
  readonly lookedUpAt: number
}

/** The look-ups of the last day by whoever is signed in, the newest first. What is older, or another's, is removed. */
export function readRecentLookUps(who: string): readonly RecentLookUp[] {
  const stored = readOwned(NAME, who)
  const kept = Array.isArray(stored) ? stored.filter(isLookUp) : []
  const now = Date.now()
  const young = kept.filter(({ lookedUpAt }) => now - lookedUpAt < KEPT_MS && lookedUpAt <= now).slice(0, MOST)
  if (stored !== undefined && (young.length === 0 || young.length < kept.length)) writeRecentLookUps(who, young)
  return young
}

export function writeRecentLookUps(who: string, lookUps: readonly RecentLookUp[]): void {
  if (lookUps.length === 0) writeStored(NAME, null)
  else writeOwned(NAME, who, lookUps.slice(0, MOST))
}

/** Those that begin what is typed: by the code, however it is written, or by words of the action. */
export function recentMatching(typed: string, lookUps: readonly RecentLookUp[]): readonly RecentLookUp[] {
  const words = typed.trim().toLowerCase()
  if (words === '') return lookUps
  const code = plainCode(words)
  return lookUps.filter(
    ({ reference, action }) =>
      (code !== '' && plainCode(reference).startsWith(code)) || (action ?? '').toLowerCase().includes(words),
  )
}

const NAME = 'waybill-desk.recent-look-ups'
const MOST = 20
const KEPT_MS = 86_400_000
const OUTCOMES: ReadonlySet<unknown> = new Set<OutcomeState>(['failed', 'succeeded', 'running', 'unknown'])

function isLookUp(value: unknown): value is RecentLookUp {
  const { reference, action, startedAt, outcome, lookedUpAt }: Readonly<Record<string, unknown>> = Object(value)
  return (
    typeof reference === 'string' &&
    /^[\dA-Z-]{4,40}$/.test(reference) &&
    (action === null || typeof action === 'string') &&
    typeof startedAt === 'string' &&
    !Number.isNaN(Date.parse(startedAt)) &&
    OUTCOMES.has(outcome) &&
    typeof lookedUpAt === 'number'
  )
}

function plainCode(text: string): string {
  return text.toLowerCase().replace(/[^\da-z]/g, '')
}
