import type { Reference } from '@waybill/reference'
import type { NotedHandling } from '../../lookup/Match.ts'

/** Notes who is on a trail, or that it was handled. Never throws; what can go wrong is in the answer. */
export async function setHandling(
  reference: Reference,
  { state, by, note, after, fetch }: SetHandlingOptions & DeskFetch,
): Promise<SetHandlingResult> {
  const response = await fetch(`/api/trails/${reference}/handling`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state, by, ...(note && { note }), after }),
  }).catch(() => null)
  if (!response) return { ok: false, reason: 'offline' }
  const handling = handlingIn(await response.json().catch(() => null))
  if (response.ok && handling) return { ok: true, handling }
  if (response.status === 409) return { ok: false, reason: 'overtaken', handling }
  return { ok: false, reason: REASONS[response.status] ?? 'failed' }
}

export interface SetHandlingOptions extends Pick<NotedHandling, 'state' | 'by'> {
  /** @default none */
  readonly note?: string | undefined
  /** The id of the handling that this changes; null where there is none yet. */
  readonly after: string | null
}

/** `overtaken`: somebody changed it meanwhile, to `handling`. `no-link`: whoever is signed in lacks that scope. `refused`: the name or the note. `full`: the trail. */
export type SetHandlingResult =
  | { readonly ok: true; readonly handling: NotedHandling }
  | { readonly ok: false; readonly reason: 'overtaken'; readonly handling: NotedHandling | null }
  | {
      readonly ok: false
      readonly reason: 'offline' | 'signed-out' | 'no-link' | 'refused' | 'full' | 'too-often' | 'failed'
    }

const REASONS: Readonly<Record<number, 'signed-out' | 'no-link' | 'refused' | 'full' | 'too-often'>> = {
  400: 'refused',
  401: 'signed-out',
  403: 'no-link',
  413: 'refused',
  429: 'too-often',
  507: 'full',
}

/** The desk that served this page wrote the answer; whatever else comes is an error page on the way. */
function handlingIn(body: unknown): NotedHandling | null {
  const handling: unknown = Object(body).handling
  const { state, by, who, at, id }: Readonly<Record<string, unknown>> = Object(handling)
  const isWhole = [state, by, who, at, id].every((each) => typeof each === 'string')
  return isWhole ? (handling as NotedHandling) : null
}

interface DeskFetch {
  readonly fetch: typeof globalThis.fetch
}
