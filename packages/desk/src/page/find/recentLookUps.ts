import type { OutcomeState } from '@waybill/trail'

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
export function readRecentLookUps(who: string, { storage, now }: RecentOptions): readonly RecentLookUp[] {
  try {
    const stored = storage.getItem(NAME)
    if (stored === null) return []
    const { who: owner, lookUps }: Readonly<Record<string, unknown>> = Object(JSON.parse(stored))
    const kept = owner === who && Array.isArray(lookUps) ? lookUps.filter(isLookUp) : []
    const young = kept.filter(({ lookedUpAt }) => now - lookedUpAt < KEPT_MS && lookedUpAt <= now).slice(0, MOST)
    if (young.length === 0) storage.removeItem(NAME)
    else if (young.length < kept.length) writeRecentLookUps(who, young, storage)
    return young
  } catch {
    return []
  }
}

export function writeRecentLookUps(
  who: string,
  lookUps: readonly RecentLookUp[],
  storage: RecentOptions['storage'],
): void {
  try {
    if (lookUps.length === 0) storage.removeItem(NAME)
    else storage.setItem(NAME, JSON.stringify({ who, lookUps: lookUps.slice(0, MOST) }))
  } catch {
    // Without storage nothing is kept.
  }
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

export interface RecentOptions {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Milliseconds since the epoch. */
  readonly now: number
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
